// A C interface to ICU for one purpose: the words of text that is not ASCII, in the form in which
// they are indexed.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Where a word lies in the segmenter's text.
typedef struct unicode_word {
  size_t byte_offset;
  size_t byte_count;
} unicode_word;

typedef struct unicode_segmenter unicode_segmenter;

/// Returns null if ICU's data or memory is missing.
unicode_segmenter *unicode_segmenter_create(void);
void unicode_segmenter_destroy(unicode_segmenter *segmenter);

/// Finds the words of `byte_count` bytes of UTF-8. Invalid bytes count as U+FFFD, which is no
/// letter.
///
/// The text is decomposed (NFKD), combining marks of no particular script and invisible joiners and
/// hyphens are removed, it is case-folded, composed (NFC) and cut at the word boundaries of UAX #29,
/// with dictionaries for Chinese, Japanese, Thai, Lao, Khmer and Burmese. Words are maximal runs of
/// letters, digits and the marks that follow them.
///
/// Returns the words, in order, or null if there is no memory. Both results are valid until the
/// next call.
const unicode_word *unicode_segmenter_find_words(
  unicode_segmenter *segmenter, const uint8_t *text, size_t byte_count, size_t *word_count,
  const uint8_t **words_text);
