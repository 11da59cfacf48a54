#include "CUnicode.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/// The most UTF-16 units of a text that are looked at together: what a call may keep in memory and
/// the time it takes follow from it. A word of more units is longer than any that is indexed: where
/// three letters are composed into one, it takes three bytes.
enum { run_capacity = 1024 };

/// Text of a script that is cut by a dictionary is cut this many units before the end of what is
/// looked at: what follows may change where the last words end.
enum { lookahead_unit_count = 64 };

/// After this many marks in a row a joiner is put in, beyond which marks are not sorted: the
/// Stream-Safe Text Format (UAX #15, section 13). No text of any language has as many.
enum { sorted_mark_count = 30, grapheme_joiner = 0x034f };

/// A buffer of UTF-16 code units that only grows.
typedef struct units {
  UChar *start;
  int32_t count;
  int32_t capacity;
} units;

/// What a character is for words. Zero is a character that has not been looked at.
enum {
  class_separator = 1,
  /// A letter or digit, also if it is written in another form: ﬁ, Ｆ.
  class_word,
  /// A sign that stands for letters or digits, and for a word by itself: ™, ², ½, №, ㎏, ﷺ.
  class_symbol,
  /// A sign for a letter; several of them make a word: Ⓐ.
  class_symbol_letter,
  /// Part of the word before it.
  class_mark,
  /// Not part of anything: an accent, a soft hyphen.
  class_removed,
  class_mask = 0x7f,
  /// Added to the class of characters that are never separated: letters, digits and marks of
  /// scripts whose words are not found by a dictionary.
  class_joins = 0x80,
};

struct unicode_segmenter {
  UBreakIterator *words;
  const UNormalizer2 *nfkd;
  const UNormalizer2 *nfc;
  /// The run that is looked at, and where each unit's character starts in the text.
  UChar run[run_capacity];
  uint32_t offsets[run_capacity + 1];
  int32_t run_count;
  units first, second;
  uint8_t *text;
  size_t text_capacity;
  unicode_word *found;
  size_t found_capacity;
  /// The classes of the characters of the first plane, once they have been looked at.
  uint8_t classes[0x10000];
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

size_t unicode_segmenter_memory_byte_count(const unicode_segmenter *segmenter) {
  size_t unit_count = (size_t)segmenter->first.capacity + (size_t)segmenter->second.capacity;
  return sizeof *segmenter + unit_count * sizeof(UChar) + segmenter->text_capacity
    + segmenter->found_capacity * sizeof *segmenter->found;
}

// MARK: - Characters

/// Accents, which belong to no script, are removed, as are circles and keys drawn around a
/// character. The marks of Thai, Devanagari or Hebrew belong to theirs and are part of the word;
/// the voicing marks of kana are shared by two scripts and change the letter.
///
/// Characters that only say how others are drawn are removed too: a soft hyphen, or the joiners in
/// the middle of Sinhala and Persian words. The zero-width space stays, as it separates words.
static bool is_removed(UChar32 c) {
  if (c == 0x3099 || c == 0x309a) return false;
  int8_t type = u_charType(c);
  if (type == U_FORMAT_CHAR) {
    return c != 0x200b && u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
  }
  if (type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK) return false;
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(c, &error) == USCRIPT_INHERITED;
}

static bool is_mark(UChar32 c) {
  int8_t type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK || type == U_ENCLOSING_MARK;
}

/// Letters, decimal digits, and numbers that are written like letters: Ⅷ, 〇.
static bool is_word_character(UChar32 c) {
  return u_isalnum(c) || u_charType(c) == U_LETTER_NUMBER;
}

static uint8_t class_of_unknown(const unicode_segmenter *segmenter, UChar32 c) {
  if (is_removed(c)) return class_removed;
  int32_t break_property = u_getIntPropertyValue(c, UCHAR_WORD_BREAK);
  // Beyond U+0DFF begin the scripts that are cut by dictionary.
  bool is_cut = c >= 0x0e00;
  if (is_mark(c)) {
    return class_mark | (!is_cut && break_property == U_WB_EXTEND ? class_joins : 0);
  }
  // The longest decomposition has 18 units.
  UChar decomposed[64];
  UErrorCode error = U_ZERO_ERROR;
  int32_t count = unorm2_getDecomposition(segmenter->nfkd, c, decomposed, 64, &error);
  bool has_word = is_word_character(c);
  bool is_whole = has_word;
  if (U_SUCCESS(error) && count >= 0) {
    has_word = false;
    for (int32_t next = 0; next < count;) {
      UChar32 part;
      U16_NEXT(decomposed, next, count, part);
      if (is_word_character(part)) {
        has_word = true;
      } else if (!is_mark(part)) {
        is_whole = false;
      }
    }
  }
  // The voicing marks of halfwidth kana count as letters.
  if (!has_word) return is_word_character(c) && is_whole ? class_mark : class_separator;
  bool is_letter = break_property == U_WB_ALETTER || break_property == U_WB_HEBREW_LETTER;
  if (!is_whole) return is_letter && !u_isalpha(c) ? class_symbol_letter : class_symbol;
  bool joins = !is_cut && (is_letter || break_property == U_WB_NUMERIC);
  return class_word | (joins ? class_joins : 0);
}

/// What a character is, with or without `class_joins`.
static inline uint8_t flagged_class(unicode_segmenter *segmenter, UChar32 c) {
  if (c > 0xffff) return class_of_unknown(segmenter, c);
  uint8_t known = segmenter->classes[c];
  if (!known) segmenter->classes[c] = known = class_of_unknown(segmenter, c);
  return known;
}

static inline uint8_t class_of(unicode_segmenter *segmenter, UChar32 c) {
  return flagged_class(segmenter, c) & class_mask;
}

// MARK: - The form that is indexed

/// Removes accents, and the joiners that were put in between marks if `removes_joiners`.
static void remove_marks(unicode_segmenter *segmenter, units *buffer, bool removes_joiners) {
  int32_t kept = 0;
  for (int32_t next = 0; next < buffer->count;) {
    int32_t start = next;
    UChar32 c;
    U16_NEXT(buffer->start, next, buffer->count, c);
    bool is_kept =
        c == grapheme_joiner ? !removes_joiners : class_of(segmenter, c) != class_removed;
    if (!is_kept) continue;
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

/// Leaves the first `unit_count` units of the run in `first`, in the form in which they are
/// indexed.
static bool normalize(unicode_segmenter *segmenter, int32_t unit_count) {
  units *first = &segmenter->first;
  units *second = &segmenter->second;
  if (!reserve_units(first, 2 * run_capacity) || !reserve_units(second, 2 * run_capacity)) {
    return false;
  }
  FILL(second, unorm2_normalize(
    segmenter->nfkd, segmenter->run, unit_count, second->start, second->capacity, &error));
  remove_marks(segmenter, second, false);
  FILL(first, u_strFoldCase(
    first->start, first->capacity, second->start, second->count, U_FOLD_CASE_DEFAULT, &error));
  // Folding may decompose again: İ becomes i and a dot above, ΐ becomes three characters.
  remove_marks(segmenter, first, false);
  FILL(second, unorm2_normalize(
    segmenter->nfc, first->start, first->count, second->start, second->capacity, &error));
  remove_marks(segmenter, second, true);
  units swap = *first;
  *first = *second;
  *second = swap;
  return true;
}

/// Whether the text is one word for certain, so that finding boundaries can be spared: letters and
/// digits, which UAX #29 never separates, with marks after them.
static bool is_one_word(unicode_segmenter *segmenter, const UChar *start, int32_t unit_count) {
  for (int32_t index = 0; index < unit_count; ++index) {
    uint8_t class = flagged_class(segmenter, start[index]);
    if (class == (class_word | class_joins)) continue;
    if (class != (class_mark | class_joins) || index == 0) return false;
  }
  return unit_count > 0;
}

// MARK: - Words

/// Adds a word of `first`, which stands for a part of the run.
static bool add_word(
  unicode_segmenter *segmenter, size_t *count, size_t *byte_offset, int32_t start,
  int32_t unit_count, int32_t run_count
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
    &byte_count, segmenter->first.start + start, unit_count, 0xfffd, NULL, &error);
  if (U_FAILURE(error)) return false;
  // Where the form that is indexed has other units than the text, no word has a place of its own.
  bool has_place = segmenter->first.count == run_count;
  uint32_t source = segmenter->offsets[has_place ? start : 0];
  uint32_t source_end = segmenter->offsets[has_place ? start + unit_count : run_count];
  segmenter->found[*count] =
    (unicode_word){*byte_offset, (size_t)byte_count, source, source_end - source};
  *count += 1;
  *byte_offset += (size_t)byte_count;
  return true;
}

/// Finds the words of the first `unit_count` units of the run.
static bool find_words_of_run(unicode_segmenter *segmenter, int32_t unit_count, size_t *count) {
  *count = 0;
  if (!normalize(segmenter, unit_count)) return false;
  const UChar *units = segmenter->first.start;
  int32_t folded_count = segmenter->first.count;
  size_t byte_offset = 0;
  if (is_one_word(segmenter, units, folded_count)) {
    return add_word(segmenter, count, &byte_offset, 0, folded_count, unit_count);
  }

  UErrorCode error = U_ZERO_ERROR;
  ubrk_setText(segmenter->words, units, folded_count, &error);
  if (U_FAILURE(error)) return false;
  int32_t start = ubrk_first(segmenter->words);
  for (int32_t end = ubrk_next(segmenter->words); end != UBRK_DONE;
       start = end, end = ubrk_next(segmenter->words)) {
    // A segment may hold characters that are no letters, such as the fraction slash of ½: they
    // separate words here.
    int32_t word = -1;
    for (int32_t next = start; next < end;) {
      int32_t position = next;
      UChar32 c;
      U16_NEXT(units, next, end, c);
      if (is_word_character(c) || (word >= 0 && is_mark(c))) {
        if (word < 0) word = position;
      } else if (word >= 0) {
        if (!add_word(segmenter, count, &byte_offset, word, position - word, unit_count)) {
          return false;
        }
        word = -1;
      }
    }
    if (word >= 0 && !add_word(segmenter, count, &byte_offset, word, end - word, unit_count)) {
      return false;
    }
  }
  return true;
}

// MARK: - Runs

/// Letters that are not separated from each other, by UAX #29.
static int32_t word_kind(UChar32 c) {
  switch (u_getIntPropertyValue(c, UCHAR_WORD_BREAK)) {
    case U_WB_ALETTER:
    case U_WB_HEBREW_LETTER:
    case U_WB_NUMERIC:
      return 1;
    case U_WB_KATAKANA:
      return 2;
    default:
      return 3;
  }
}

static inline UChar32 next_character(const uint8_t *text, size_t byte_count, size_t *offset) {
  UChar32 c;
  U8_NEXT(text, *offset, byte_count, c);
  return c < 0 ? 0xfffd : c;
}

/// The offset after the rest of a word that is too long to be indexed, of which the units at hand
/// are the beginning.
static size_t end_of_long_word(
  unicode_segmenter *segmenter, const uint8_t *text, size_t byte_count, size_t offset,
  uint8_t run_class
) {
  int32_t kind = 0;
  for (int32_t next = segmenter->run_count; next > 0 && kind == 0;) {
    UChar32 c;
    U16_PREV(segmenter->run, 0, next, c);
    if (class_of(segmenter, c) == run_class) kind = word_kind(c);
  }
  while (offset < byte_count) {
    size_t start = offset;
    UChar32 c = next_character(text, byte_count, &offset);
    uint8_t class = class_of(segmenter, c);
    if (class == class_mark || class == class_removed) continue;
    if (class != run_class || word_kind(c) != kind) return start;
  }
  return offset;
}

/// Where to cut a run that is longer than what is looked at together, or zero if the units at hand
/// are one word.
static int32_t cut_of_run(unicode_segmenter *segmenter) {
  UErrorCode error = U_ZERO_ERROR;
  ubrk_setText(segmenter->words, segmenter->run, segmenter->run_count, &error);
  if (U_FAILURE(error)) return 0;
  int32_t cut =
    ubrk_preceding(segmenter->words, segmenter->run_count - lookahead_unit_count);
  if (cut != UBRK_DONE && cut > 0) return cut;
  // A long word may end in the part that is left for what follows.
  for (cut = 1; cut < segmenter->run_count; ++cut) {
    if (segmenter->run[cut] == ' ') return cut;
  }
  return 0;
}

const unicode_word *unicode_segmenter_find_words(
  unicode_segmenter *segmenter, const uint8_t *text, size_t byte_count, size_t *taken_byte_count,
  size_t *word_count, const uint8_t **words_text
) {
  // The list is never null for success.
  static const unicode_word none;
  *word_count = 0;
  *taken_byte_count = 0;
  if (byte_count > UINT32_MAX) return NULL;
  segmenter->run_count = 0;
  uint8_t run_class = 0;
  int32_t mark_count = 0;
  bool is_full = false;
  size_t offset = 0;
  while (offset < byte_count) {
    size_t start = offset;
    UChar32 c = next_character(text, byte_count, &offset);
    uint8_t class = class_of(segmenter, c);
    if (class == class_removed) continue;
    if (class == class_separator) {
      // At an ASCII character the caller finds words by itself.
      if (!run_class && c >= 0x80) continue;
      bool is_followed = run_class == class_word && c >= 0x80
        && segmenter->run_count + 3 <= run_capacity;
      if (!is_followed) {
        offset = start;
        break;
      }
      // Boundaries of several runs are found at once.
      segmenter->offsets[segmenter->run_count] = (uint32_t)start;
      segmenter->run[segmenter->run_count++] = ' ';
      segmenter->offsets[segmenter->run_count] = (uint32_t)offset;
      mark_count = 0;
      continue;
    }
    if (class == class_mark) {
      if (!run_class) continue;
      if (run_class != class_word) {
        offset = start;
        break;
      }
    } else if (run_class && class != run_class) {
      offset = start;
      break;
    }
    // Room for a joiner and a character of two units.
    if (segmenter->run_count + 3 > run_capacity) {
      offset = start;
      is_full = true;
      break;
    }
    mark_count = class == class_mark ? mark_count + 1 : 0;
    if (mark_count > sorted_mark_count) {
      segmenter->offsets[segmenter->run_count] = (uint32_t)start;
      segmenter->run[segmenter->run_count++] = grapheme_joiner;
      mark_count = 1;
    }
    if (!run_class) run_class = class;
    segmenter->offsets[segmenter->run_count] = (uint32_t)start;
    if (c > 0xffff) segmenter->offsets[segmenter->run_count + 1] = (uint32_t)start;
    U16_APPEND_UNSAFE(segmenter->run, segmenter->run_count, c);
    segmenter->offsets[segmenter->run_count] = (uint32_t)offset;
    if (class == class_symbol) break;
  }
  while (segmenter->run_count > 0 && segmenter->run[segmenter->run_count - 1] == ' ') {
    segmenter->run_count -= 1;
    // The last run ended.
    is_full = false;
  }
  *taken_byte_count = offset;
  *words_text = segmenter->text;
  if (segmenter->run_count == 0) return &none;

  int32_t unit_count = segmenter->run_count;
  bool is_long_word = false;
  if (is_full) {
    int32_t cut = cut_of_run(segmenter);
    is_long_word = cut == 0;
    if (cut > 0) {
      unit_count = cut;
      *taken_byte_count = segmenter->offsets[cut];
    }
  }
  size_t count = 0;
  if (!find_words_of_run(segmenter, unit_count, &count)) return NULL;
  if (is_long_word && count == 1) {
    *taken_byte_count = end_of_long_word(segmenter, text, byte_count, offset, run_class);
  }
  *word_count = count;
  *words_text = segmenter->text;
  return count ? segmenter->found : &none;
}
