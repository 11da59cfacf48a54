// A C interface to ICU for one purpose: the words of text that is not ASCII, in the form in which
// they are indexed.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// A word, in the form in which it is indexed, and the part of the text that it was made from.
typedef struct unicode_word {
  /// Where the word lies in the segmenter's text.
  size_t byte_offset;
  size_t byte_count;
  /// Where it comes from. Words that were made from the same characters have the same place.
  size_t source_byte_offset;
  size_t source_byte_count;
} unicode_word;

typedef struct unicode_segmenter unicode_segmenter;

/// Returns null if ICU's data or memory is missing.
unicode_segmenter *unicode_segmenter_create(void);
void unicode_segmenter_destroy(unicode_segmenter *segmenter);

/// The bytes of memory it takes. They do not depend on how long the texts are.
size_t unicode_segmenter_memory_byte_count(const unicode_segmenter *segmenter);

/// Finds the next words of `byte_count` bytes of UTF-8. Invalid bytes count as U+FFFD, which is no
/// letter.
///
/// The first runs of letters, digits and marks are looked at, or a sign that stands for some, such
/// as ™ or ½: what it stands for is never part of the word beside it. Runs are decomposed (NFKD),
/// combining marks of no particular script and invisible joiners and hyphens are removed, they are
/// case-folded, composed (NFC) and cut at the word boundaries of UAX #29, with dictionaries for
/// Chinese, Japanese, Thai, Lao, Khmer and Burmese. Words are maximal runs of letters, digits and
/// the marks that follow them. A run without end is cut after some hundred characters, where a word
/// ends; a word that goes on longer has at least 256 bytes, and its rest is passed over.
///
/// Memory and time are bounded by a constant and by the bytes that were taken.
///
/// Returns the words, in order, or null if there is no memory. Both results are valid until the
/// next call. How many bytes were looked at is at least one unless the text is empty or starts with
/// an ASCII character that is no letter or digit; what follows them does not matter for the words.
const unicode_word *unicode_segmenter_find_words(
  unicode_segmenter *segmenter, const uint8_t *text, size_t byte_count, size_t *taken_byte_count,
  size_t *word_count, const uint8_t **words_text);
