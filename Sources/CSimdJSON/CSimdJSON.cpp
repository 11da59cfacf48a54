#include "CSimdJSON.h"

#include <simdjson.h>

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
  std::string problem;

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
    walkFields(root, Path(), 0);
    finishPaths();
  }
};

json_parser *json_parser_create(void) {
  try {
    return new json_parser();
  } catch (...) {
    return nullptr;
  }
}

void json_parser_destroy(json_parser *parser) { delete parser; }

const char *json_parser_parse(json_parser *parser, const uint8_t *document, size_t byte_count) {
  try {
    parser->leaves.clear();
    simdjson::dom::element root;
    auto error = parser->dom.parse(document, byte_count, false).get(root);
    if (error) {
      parser->problem = "not a JSON document: ";
      parser->problem += simdjson::error_message(error);
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
