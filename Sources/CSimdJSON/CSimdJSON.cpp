#include "CSimdJSON.h"

#include <simdjson.h>

#include <new>
#include <string>
#include <string_view>
#include <vector>

static_assert(json_padding_byte_count >= simdjson::SIMDJSON_PADDING, "simdjson reads further");

namespace {

// A path that had to be put together is kept by its offset until the walk is over: the buffer moves
// as it grows.
constexpr const uint8_t *pathInBuffer = nullptr;

struct TooManyLeaves {};

}  // namespace

struct json_parser {
  simdjson::dom::parser dom;
  std::vector<json_leaf> leaves;
  // Paths of nested values, one after the other.
  std::string paths;
  // Where the path of each leaf starts in `paths`; used for those that are there.
  std::vector<size_t> pathOffsets;
  std::string currentPath;
  // How many arrays the value at hand is in.
  uint32_t arrayDepth = 0;

  void walk(simdjson::dom::element element, std::string_view path, uint32_t depth) {
    switch (element.type()) {
      case simdjson::dom::element_type::OBJECT: {
        simdjson::dom::object object;
        if (element.get(object)) return;
        walkFields(object, depth);
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

  void walkFields(simdjson::dom::object object, uint32_t depth) {
    if (depth == 0) {
      // Top-level keys are used where simdjson put them.
      for (auto field : object) {
        currentPath.assign(field.key);
        walk(field.value, field.key, 1);
      }
      return;
    }
    const size_t parentByteCount = currentPath.size();
    for (auto field : object) {
      currentPath.push_back('.');
      currentPath.append(field.key);
      walk(field.value, std::string_view(), depth + 1);
      currentPath.resize(parentByteCount);
    }
  }

  void add(simdjson::dom::element element, std::string_view path, uint32_t depth) {
    if (leaves.size() == json_maximum_leaf_count) throw TooManyLeaves();
    json_leaf leaf = {};
    leaf.depth = depth;
    leaf.in_array = arrayDepth > 0;
    if (path.data() != nullptr) {
      leaf.path = reinterpret_cast<const uint8_t *>(path.data());
      leaf.path_byte_count = path.size();
      pathOffsets.push_back(0);
    } else {
      leaf.path = pathInBuffer;
      leaf.path_byte_count = currentPath.size();
      pathOffsets.push_back(paths.size());
      paths.append(currentPath);
    }
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
        break;
      default:
        leaf.kind = json_null;
        break;
    }
    leaves.push_back(leaf);
  }

  void finishPaths() {
    const auto *base = reinterpret_cast<const uint8_t *>(paths.data());
    for (size_t index = 0; index < leaves.size(); ++index) {
      if (leaves[index].path == pathInBuffer) leaves[index].path = base + pathOffsets[index];
    }
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
    parser->paths.clear();
    parser->pathOffsets.clear();
    parser->arrayDepth = 0;
    simdjson::dom::element root;
    auto error = parser->dom.parse(document, byte_count, false).get(root);
    if (error) return simdjson::error_message(error);
    simdjson::dom::object object;
    if (root.get(object)) return "A document must be a JSON object.";
    parser->walkFields(object, 0);
    parser->finishPaths();
    return nullptr;
  } catch (const TooManyLeaves &) {
    return "The document has more than 1,048,576 values.";
  } catch (const std::bad_alloc &) {
    return "There is no memory to parse the document.";
  } catch (...) {
    return "The document cannot be parsed.";
  }
}

const json_leaf *json_parser_leaves(const json_parser *parser, size_t *count) {
  *count = parser->leaves.size();
  return parser->leaves.data();
}
