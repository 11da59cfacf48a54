#include "CSimdJSON.h"

#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <map>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

static_assert(json_padding_byte_count >= simdjson::SIMDJSON_PADDING, "simdjson reads further");

namespace {

// A path that had to be put together is kept by its offset until the walk is over: the buffer moves
// as it grows.
constexpr const uint8_t *pathInBuffer = nullptr;

constexpr uint32_t noNumber = UINT32_MAX;

struct TooManyLeaves {};
struct PathsTooLong {};

// The path that is walked. All leaves below it that have no longer one share what is kept of it.
struct Path {
  // Its place in the input if it is a top-level key, else null.
  const char *text = nullptr;
  size_t byteCount = 0;
  // Given with the first leaf.
  uint32_t number = noNumber;
  // Which one it is among those in `known`.
  uint32_t node = 0;
};

// A number that simdjson refuses although it is one: which leaf it is, and whether it is whole.
struct LargeNumber {
  size_t leaf;
  bool isInteger;
};

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }
bool isSpace(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// The parts of a number's text.
struct NumberText {
  bool isValid = false;
  bool isInteger = true;
  // Of its whole part.
  size_t digitCount = 0;
  // Of its exponent; those that are larger are all alike.
  int exponent = 0;

  // By JSON's grammar.
  explicit NumberText(std::string_view text) {
    size_t offset = text.substr(0, 1) == "-" ? 1 : 0;
    const size_t first = offset;
    offset = skipDigits(text, offset);
    digitCount = offset - first;
    if (digitCount == 0 || (digitCount > 1 && text[first] == '0')) return;
    if (offset < text.size() && text[offset] == '.') {
      isInteger = false;
      const size_t fraction = offset + 1;
      offset = skipDigits(text, fraction);
      if (offset == fraction) return;
    }
    if (offset < text.size() && (text[offset] == 'e' || text[offset] == 'E')) {
      isInteger = false;
      offset += 1;
      const bool isNegative = offset < text.size() && text[offset] == '-';
      if (offset < text.size() && (text[offset] == '+' || text[offset] == '-')) offset += 1;
      const size_t start = offset;
      for (; offset < text.size() && isDigit(text[offset]); ++offset) {
        if (exponent < 100'000) exponent = exponent * 10 + (text[offset] - '0');
      }
      if (offset == start) return;
      if (isNegative) exponent = -exponent;
    }
    isValid = offset == text.size();
  }

  static size_t skipDigits(std::string_view text, size_t offset) {
    while (offset < text.size() && isDigit(text[offset])) ++offset;
    return offset;
  }

  // Whether simdjson may refuse it: no integer of 64 bits, or near the largest double.
  bool isLarge(std::string_view text) const {
    if (!isInteger) return static_cast<long long>(digitCount) + exponent > 300;
    if (digitCount < 19) return false;
    int64_t integer = 0;
    uint64_t unsignedInteger = 0;
    const char *end = text.data() + text.size();
    return std::from_chars(text.data(), end, integer).ec != std::errc() &&
           std::from_chars(text.data(), end, unsignedInteger).ec != std::errc();
  }
};

}  // namespace

struct json_parser {
  simdjson::dom::parser dom;
  std::vector<json_leaf> leaves;
  // Paths of nested values, one after the other.
  std::string paths;
  // Where each path starts in `paths`, by its number; used for those that are there.
  std::vector<size_t> pathOffsets;
  std::string currentPath;
  // How many arrays the value at hand is in.
  uint32_t arrayDepth = 0;
  // A path can be many times as long as what it stands for in the document. This is what all of
  // them may take.
  size_t maximumPathByteCount = 0;
  // If each path is kept once wherever it comes up: the paths, by that of the parent and the key. A
  // tree, because keys can be made that collide in a table.
  bool findsPaths = false;
  std::map<std::pair<uint32_t, std::string_view>, Path> known;
  // A document whose large numbers are strings.
  std::string rewritten;
  // What of it these are, in order.
  std::vector<LargeNumber> largeNumbers;
  size_t nextLargeNumber = 0;
  std::string problem;

  // Writes a document to `rewritten`, each number that simdjson may refuse for its size as a
  // string. Returns whether there is one, and no other reason to refuse a number.
  bool rewriteLargeNumbers(std::string_view text) {
    rewritten.clear();
    size_t leafCount = 0;
    size_t offset = 0;
    while (offset < text.size()) {
      const size_t start = offset;
      const char byte = text[offset];
      if (byte == '"') {
        do {
          offset += text[offset] == '\\' ? 2 : 1;
        } while (offset < text.size() && text[offset] != '"');
        if (offset >= text.size()) return false;
        offset += 1;
        if (!isKey(text, offset)) ++leafCount;
      } else if (byte == '-' || isDigit(byte)) {
        offset = text.find_first_not_of("0123456789+-.eE", offset);
        if (offset == std::string_view::npos) return false;
        const std::string_view digits = text.substr(start, offset - start);
        const NumberText number(digits);
        if (!number.isValid || isKey(text, offset)) return false;
        if (number.isLarge(digits)) {
          largeNumbers.push_back({leafCount, number.isInteger});
          rewritten.push_back('"');
          rewritten.append(digits);
          rewritten.push_back('"');
          ++leafCount;
          continue;
        }
        ++leafCount;
      } else if (byte >= 'a' && byte <= 'z') {
        while (offset < text.size() && text[offset] >= 'a' && text[offset] <= 'z') ++offset;
        ++leafCount;
      } else {
        ++offset;
      }
      rewritten.append(text.substr(start, offset - start));
    }
    if (largeNumbers.empty()) return false;
    rewritten.append(json_padding_byte_count, ' ');
    return true;
  }

  // Whether what ends at `offset` is followed by a colon.
  static bool isKey(std::string_view text, size_t offset) {
    while (offset < text.size() && isSpace(text[offset])) ++offset;
    return offset < text.size() && text[offset] == ':';
  }

  // Parses a document. simdjson refuses numbers for their size; what is stored is the text of the
  // document, so they are as good as any.
  simdjson::error_code parse(const uint8_t *document, size_t byteCount,
                             simdjson::dom::element &root) {
    largeNumbers.clear();
    auto error = dom.parse(document, byteCount, false).get(root);
    if (error != simdjson::NUMBER_ERROR) return error;
    if (!rewriteLargeNumbers({reinterpret_cast<const char *>(document), byteCount})) {
      largeNumbers.clear();
      return error;
    }
    const size_t byte_count = rewritten.size() - json_padding_byte_count;
    error = dom.parse(rewritten.data(), byte_count, false).get(root);
    // The strings are in buffers of simdjson's.
    if (rewritten.capacity() > keptByteCount) rewritten = std::string();
    return error;
  }

  // What is kept of `rewritten` from one document to the next.
  static constexpr size_t keptByteCount = 1 << 20;

  void walk(simdjson::dom::element element, Path &path, uint32_t depth) {
    switch (element.type()) {
      case simdjson::dom::element_type::OBJECT: {
        simdjson::dom::object object;
        if (element.get(object)) return;
        walkFields(object, path, depth);
        return;
      }
      case simdjson::dom::element_type::ARRAY: {
        simdjson::dom::array array;
        if (element.get(array)) return;
        ++arrayDepth;
        for (simdjson::dom::element item : array) walk(item, path, depth);
        --arrayDepth;
        return;
      }
      default:
        add(element, path, depth);
    }
  }

  void walkFields(simdjson::dom::object object, const Path &parent, uint32_t depth) {
    const size_t parentByteCount = currentPath.size();
    for (auto field : object) {
      if (depth > 0) currentPath.push_back('.');
      currentPath.append(field.key);
      Path unknown;
      Path *path = &unknown;
      if (findsPaths) {
        auto found = known.try_emplace({parent.node, field.key});
        path = &found.first->second;
        if (found.second) path->node = static_cast<uint32_t>(known.size());
      }
      if (depth == 0) {
        // Top-level keys are used where simdjson put them.
        path->text = field.key.data();
        path->byteCount = field.key.size();
      }
      walk(field.value, *path, depth + 1);
      currentPath.resize(parentByteCount);
    }
  }

  void add(simdjson::dom::element element, Path &path, uint32_t depth) {
    if (leaves.size() == json_maximum_leaf_count) throw TooManyLeaves();
    if (path.number == noNumber) {
      path.number = static_cast<uint32_t>(pathOffsets.size());
      pathOffsets.push_back(paths.size());
      if (path.text == nullptr) {
        if (currentPath.size() > maximumPathByteCount - paths.size()) throw PathsTooLong();
        paths.append(currentPath);
        path.byteCount = currentPath.size();
      }
    }
    json_leaf leaf = {};
    leaf.depth = depth;
    leaf.in_array = arrayDepth > 0;
    leaf.path = path.text == nullptr ? pathInBuffer : reinterpret_cast<const uint8_t *>(path.text);
    leaf.path_byte_count = path.byteCount;
    leaf.path_number = path.number;
    switch (element.type()) {
      case simdjson::dom::element_type::STRING: {
        std::string_view text = element.get_string().value_unsafe();
        leaf.kind = json_string;
        leaf.text = reinterpret_cast<const uint8_t *>(text.data());
        leaf.text_byte_count = text.size();
        break;
      }
      case simdjson::dom::element_type::INT64:
        leaf.kind = json_integer;
        leaf.integer = static_cast<uint64_t>(element.get_int64().value_unsafe());
        break;
      case simdjson::dom::element_type::UINT64:
        leaf.kind = json_unsigned_integer;
        leaf.integer = element.get_uint64().value_unsafe();
        break;
      case simdjson::dom::element_type::DOUBLE:
        leaf.kind = json_double;
        break;
      case simdjson::dom::element_type::BOOL:
        leaf.kind = json_boolean;
        leaf.integer = element.get_bool().value_unsafe();
        break;
      default:
        leaf.kind = json_null;
        break;
    }
    if (nextLargeNumber < largeNumbers.size() &&
        largeNumbers[nextLargeNumber].leaf == leaves.size()) {
      if (largeNumbers[nextLargeNumber].isInteger) {
        leaf.kind = json_large_integer;
      } else {
        leaf.kind = json_double;
        leaf.text = nullptr;
        leaf.text_byte_count = 0;
      }
      ++nextLargeNumber;
    }
    leaves.push_back(leaf);
  }

  void finishPaths() {
    const auto *base = reinterpret_cast<const uint8_t *>(paths.data());
    for (json_leaf &leaf : leaves) {
      if (leaf.path == pathInBuffer) leaf.path = base + pathOffsets[leaf.path_number];
    }
  }

  void walkDocument(simdjson::dom::object root, bool findsPaths) {
    this->findsPaths = findsPaths;
    leaves.clear();
    paths.clear();
    pathOffsets.clear();
    currentPath.clear();
    known.clear();
    arrayDepth = 0;
    nextLargeNumber = 0;
    walkFields(root, Path(), 0);
    finishPaths();
  }
};

json_parser *json_parser_create(void) {
  try {
    auto *parser = new json_parser();
    // simdjson counts one level more.
    if (parser->dom.allocate(0, json_maximum_depth + 1) == simdjson::SUCCESS) return parser;
    delete parser;
    return nullptr;
  } catch (...) {
    return nullptr;
  }
}

void json_parser_destroy(json_parser *parser) { delete parser; }

const char *json_parser_parse(json_parser *parser, const uint8_t *document, size_t byte_count) {
  try {
    parser->leaves.clear();
    simdjson::dom::element root;
    auto error = parser->parse(document, byte_count, root);
    if (error) {
      parser->problem = "not a JSON document: ";
      parser->problem += error == simdjson::DEPTH_ERROR
                             ? "it is too deep, objects and arrays are nested in more than " +
                                   std::to_string(json_maximum_depth) + " levels"
                             : simdjson::error_message(error);
      return parser->problem.c_str();
    }
    simdjson::dom::object object;
    if (root.get(object)) return "not a JSON document: A document must be a JSON object.";
    parser->maximumPathByteCount =
        json_path_bytes_per_byte * byte_count + json_additional_path_byte_count;
    try {
      parser->walkDocument(object, false);
    } catch (const PathsTooLong &) {
      // Objects in an array bring the same paths again and again. Finding them takes time, so it is
      // done only where keeping each would take too much.
      parser->walkDocument(object, true);
    }
    return nullptr;
  } catch (const TooManyLeaves &) {
    return "the document has more than 1,048,576 values";
  } catch (const PathsTooLong &) {
    try {
      parser->problem = "the names of the document's fields, those of the objects they are in "
                        "included, take more than " +
                        std::to_string(parser->maximumPathByteCount) + " bytes";
      return parser->problem.c_str();
    } catch (...) {
      return "the names of the document's fields take too many bytes";
    }
  } catch (const std::bad_alloc &) {
    return "there is no memory to parse the document";
  } catch (...) {
    return "the document cannot be parsed";
  }
}

const json_leaf *json_parser_leaves(const json_parser *parser, size_t *count) {
  *count = parser->leaves.size();
  return parser->leaves.data();
}

size_t json_parser_memory_byte_count(const json_parser *parser, size_t byte_count) {
  // simdjson's buffers are as large as any document of that size could need; what it has written to
  // them, it holds.
  const size_t tape_bytes_per_leaf = 2 * sizeof(uint64_t) + 2 * sizeof(uint32_t);
  return byte_count + parser->leaves.size() * (tape_bytes_per_leaf + sizeof(json_leaf))
    + parser->paths.size() + parser->pathOffsets.size() * sizeof(size_t);
}
