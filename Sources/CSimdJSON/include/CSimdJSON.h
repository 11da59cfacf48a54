// A C interface to simdjson for one purpose: a document's leaves, each with its path, in document
// order.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How many bytes after a document must be readable. Their content does not matter.
enum { json_padding_byte_count = 64 };

/// The most leaves a document may have. Each takes 64 bytes while its document is indexed.
enum { json_maximum_leaf_count = 1 << 20 };

/// How many levels of objects and arrays a document may have, itself included. They are walked by a
/// function that calls itself.
enum { json_maximum_depth = 1024 };

/// The distinct paths of a document may take this many bytes for each of its own, and this many
/// more. A document of 65,536 fields, which is the most that can be indexed, may have paths of 64
/// bytes.
enum { json_path_bytes_per_byte = 2, json_additional_path_byte_count = 4 << 20 };

typedef enum json_kind {
  json_string,
  /// A whole number that fits 64 bits, signed.
  json_integer,
  /// A whole number that fits 64 bits, unsigned only.
  json_unsigned_integer,
  /// A whole number that fits neither.
  json_large_integer,
  /// Any other number.
  json_double,
  json_boolean,
  json_null
} json_kind;

/// A value that holds no others. Elements of an array have the path of the array.
typedef struct json_leaf {
  /// The keys that lead to the value, joined by '.', as UTF-8; not terminated.
  const uint8_t *path;
  size_t path_byte_count;
  /// The text of a string, unescaped, or the digits of a large integer; not terminated. Null for
  /// other kinds.
  const uint8_t *text;
  size_t text_byte_count;
  /// The value of an integer; of a boolean, whether it is true.
  uint64_t integer;
  json_kind kind;
  /// How many keys the path has.
  uint32_t depth;
  /// Not zero if the value is in an array.
  uint32_t in_array;
  /// Leaves with the same number have the same path. Numbers start at zero and go up by one with
  /// each path that is met; a path that is met again may have another one.
  uint32_t path_number;
} json_leaf;

typedef struct json_parser json_parser;

/// Returns null if there is no memory.
json_parser *json_parser_create(void);
void json_parser_destroy(json_parser *parser);

/// Parses a document whose top level is an object. Returns null on success, else what is wrong, as
/// a text that is valid until the next document is parsed.
///
/// The document is validated as a whole, its UTF-8 included. `json_padding_byte_count` bytes after
/// it must be readable.
const char *json_parser_parse(json_parser *parser, const uint8_t *document, size_t byte_count);

/// About how many bytes of memory the parser holds for the document parsed last, which had
/// `byte_count`.
size_t json_parser_memory_byte_count(const json_parser *parser, size_t byte_count);

/// The leaves of the document parsed last, valid until the next one is parsed.
const json_leaf *json_parser_leaves(const json_parser *parser, size_t *count);

#ifdef __cplusplus
}
#endif
