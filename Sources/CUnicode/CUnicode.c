#include "CUnicode.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/// A buffer of UTF-16 code units that only grows.
typedef struct units {
  UChar *start;
  int32_t count;
  int32_t capacity;
} units;

struct unicode_segmenter {
  UBreakIterator *words;
  const UNormalizer2 *nfkd;
  const UNormalizer2 *nfc;
  units first, second;
  uint8_t *text;
  size_t text_capacity;
  unicode_word *found;
  size_t found_capacity;
};

static bool reserve_units(units *buffer, int32_t capacity) {
  if (buffer->capacity >= capacity) return true;
  UChar *start = realloc(buffer->start, (size_t)capacity * sizeof(UChar));
  if (!start) return false;
  buffer->start = start;
  buffer->capacity = capacity;
  return true;
}

unicode_segmenter *unicode_segmenter_create(void) {
  unicode_segmenter *segmenter = calloc(1, sizeof *segmenter);
  if (!segmenter) return NULL;
  UErrorCode error = U_ZERO_ERROR;
  segmenter->words = ubrk_open(UBRK_WORD, "", NULL, 0, &error);
  segmenter->nfkd = unorm2_getNFKDInstance(&error);
  segmenter->nfc = unorm2_getNFCInstance(&error);
  if (U_FAILURE(error)) {
    unicode_segmenter_destroy(segmenter);
    return NULL;
  }
  return segmenter;
}

void unicode_segmenter_destroy(unicode_segmenter *segmenter) {
  if (!segmenter) return;
  if (segmenter->words) ubrk_close(segmenter->words);
  free(segmenter->first.start);
  free(segmenter->second.start);
  free(segmenter->text);
  free(segmenter->found);
  free(segmenter);
}

/// Accents, which belong to no script, are removed. The marks of Thai, Devanagari or Hebrew belong
/// to theirs and are part of the word; the voicing marks of kana are shared by two scripts and
/// change the letter.
///
/// Characters that only say how others are drawn are removed too: a soft hyphen, or the joiners in
/// the middle of Sinhala and Persian words. The zero-width space stays, as it separates words.
static bool is_removed(UChar32 c) {
  if (c == 0x3099 || c == 0x309a) return false;
  int8_t type = u_charType(c);
  if (type == U_FORMAT_CHAR) {
    return c != 0x200b && u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
  }
  if (type != U_NON_SPACING_MARK) return false;
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error) == USCRIPT_INHERITED;
}

static void remove_marks(units *buffer) {
  int32_t kept = 0;
  for (int32_t next = 0; next < buffer->count;) {
    int32_t start = next;
    UChar32 c;
    U16_NEXT(buffer->start, next, buffer->count, c);
    if (is_removed(c)) continue;
    while (start < next) buffer->start[kept++] = buffer->start[start++];
  }
  buffer->count = kept;
}

/// Runs an ICU function that writes at most as many units as there is room for and returns how many
/// it wants.
#define FILL(buffer, call)                                                   \
  do {                                                                       \
    UErrorCode error = U_ZERO_ERROR;                                         \
    (buffer)->count = (call);                                                \
    if (error == U_BUFFER_OVERFLOW_ERROR) {                                  \
      if (!reserve_units((buffer), (buffer)->count)) return false;           \
      error = U_ZERO_ERROR;                                                  \
      (buffer)->count = (call);                                              \
    }                                                                        \
    if (U_FAILURE(error)) return false;                                      \
  } while (0)

/// Leaves the text in `first`, in the form in which it is indexed.
static bool normalize(unicode_segmenter *segmenter, const uint8_t *text, int32_t byte_count) {
  units *first = &segmenter->first;
  units *second = &segmenter->second;
  // UTF-16 never has more units than UTF-8 has bytes.
  if (!reserve_units(first, byte_count + 1) || !reserve_units(second, byte_count + 1)) return false;

  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8WithSub(
    first->start, first->capacity, &first->count, (const char *)text, byte_count, 0xfffd, NULL,
    &error);
  if (U_FAILURE(error)) return false;

  FILL(second, unorm2_normalize(
    segmenter->nfkd, first->start, first->count, second->start, second->capacity, &error));
  remove_marks(second);
  FILL(first, u_strFoldCase(
    first->start, first->capacity, second->start, second->count, U_FOLD_CASE_DEFAULT, &error));
  // Folding may decompose again: İ becomes i and a dot above, ΐ becomes three characters.
  remove_marks(first);
  FILL(second, unorm2_normalize(
    segmenter->nfc, first->start, first->count, second->start, second->capacity, &error));
  units swap = *first;
  *first = *second;
  *second = swap;
  return true;
}

static bool is_mark(UChar32 c) {
  int8_t type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || type == U_ENCLOSING_MARK;
}

/// Letters and decimal digits. ICU counts numbers like Ⅷ and ½ as neither; NFKD has already turned
/// them into these.
static bool is_word_character(UChar32 c) { return u_isalnum(c); }

/// Whether the text is one word for certain, so that finding boundaries can be spared: letters and
/// digits, which UAX #29 never separates, with marks after them. Beyond U+0DFF begin the scripts
/// that are cut by dictionary.
static bool is_one_word(const UChar *start, int32_t unit_count) {
  for (int32_t index = 0; index < unit_count; ++index) {
    UChar unit = start[index];
    if (unit >= 0x0e00) return false;
    switch (u_getIntPropertyValue(unit, UCHAR_WORD_BREAK)) {
      case U_WB_ALETTER:
      case U_WB_HEBREW_LETTER:
      case U_WB_NUMERIC:
        if (!is_word_character(unit)) return false;
        break;
      case U_WB_EXTEND:
        if (index == 0 || !is_mark(unit)) return false;
        break;
      default:
        return false;
    }
  }
  return unit_count > 0;
}

static bool add_word(
  unicode_segmenter *segmenter, size_t *count, size_t *byte_offset, const UChar *start,
  int32_t unit_count
) {
  if (*count == segmenter->found_capacity) {
    size_t capacity = segmenter->found_capacity ? segmenter->found_capacity * 2 : 64;
    unicode_word *found = realloc(segmenter->found, capacity * sizeof *found);
    if (!found) return false;
    segmenter->found = found;
    segmenter->found_capacity = capacity;
  }
  // A UTF-16 unit takes at most three bytes of UTF-8.
  size_t wanted = *byte_offset + (size_t)unit_count * 3 + 1;
  if (wanted > segmenter->text_capacity) {
    size_t capacity = wanted * 2;
    uint8_t *text = realloc(segmenter->text, capacity);
    if (!text) return false;
    segmenter->text = text;
    segmenter->text_capacity = capacity;
  }
  UErrorCode error = U_ZERO_ERROR;
  int32_t byte_count = 0;
  u_strToUTF8WithSub(
    (char *)segmenter->text + *byte_offset, (int32_t)(segmenter->text_capacity - *byte_offset),
    &byte_count, start, unit_count, 0xfffd, NULL, &error);
  if (U_FAILURE(error)) return false;
  segmenter->found[*count] = (unicode_word){*byte_offset, (size_t)byte_count};
  *count += 1;
  *byte_offset += (size_t)byte_count;
  return true;
}

const unicode_word *unicode_segmenter_find_words(
  unicode_segmenter *segmenter, const uint8_t *text, size_t byte_count, size_t *word_count,
  const uint8_t **words_text
) {
  *word_count = 0;
  *words_text = segmenter->text;
  if (byte_count > INT32_MAX / 4) return NULL;
  if (!normalize(segmenter, text, (int32_t)byte_count)) return NULL;

  const UChar *units = segmenter->first.start;
  int32_t unit_count = segmenter->first.count;
  size_t count = 0;
  size_t byte_offset = 0;
  if (is_one_word(units, unit_count)) {
    if (!add_word(segmenter, &count, &byte_offset, units, unit_count)) return NULL;
    *word_count = count;
    *words_text = segmenter->text;
    return segmenter->found;
  }

  UErrorCode error = U_ZERO_ERROR;
  ubrk_setText(segmenter->words, units, unit_count, &error);
  if (U_FAILURE(error)) return NULL;
  int32_t start = ubrk_first(segmenter->words);
  for (int32_t end = ubrk_next(segmenter->words); end != UBRK_DONE;
       start = end, end = ubrk_next(segmenter->words)) {
    // A segment may hold characters that are no letters, such as an apostrophe: they separate words
    // here.
    int32_t word = -1;
    for (int32_t next = start; next < end;) {
      int32_t position = next;
      UChar32 c;
      U16_NEXT(units, next, end, c);
      if (is_word_character(c) || (word >= 0 && is_mark(c))) {
        if (word < 0) word = position;
      } else if (word >= 0) {
        if (!add_word(segmenter, &count, &byte_offset, units + word, position - word)) return NULL;
        word = -1;
      }
    }
    if (word >= 0 && !add_word(segmenter, &count, &byte_offset, units + word, end - word)) {
      return NULL;
    }
  }
  *word_count = count;
  *words_text = segmenter->text;
  // The list is never null for success.
  static const unicode_word none;
  return count ? segmenter->found : &none;
}
