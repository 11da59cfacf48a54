// Indexes an NDJSON file with SQLite FTS5: a column for each field of text, with its content.
//
// Usage: fts5_index FILE FIELDS_FILE DATABASE
//
// No journal and no waiting for the device: as fast as FTS5 goes. One transaction, simdjson for
// parsing.
#include <simdjson.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

static void check(int code, sqlite3 *database) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  std::fprintf(stderr, "fts5_index: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

int main(int argc, char **argv) {
  if (argc != 4) return 64;
  simdjson::dom::parser fieldParser;
  simdjson::dom::element lists = fieldParser.load(argv[2]);
  std::vector<std::string> fields;
  for (auto name : simdjson::dom::array(lists["text"])) fields.emplace_back(std::string_view(name));

  sqlite3 *database;
  check(sqlite3_open(argv[3], &database), database);
  const auto run = [&](const std::string &statement) {
    check(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr), database);
  };
  run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  std::string columns, places;
  for (size_t index = 0; index < fields.size(); ++index) {
    columns += (index ? ", \"" : "\"") + fields[index] + "\"";
    if (fields[index] == "id") columns += " UNINDEXED";
    places += index ? ", ?" : "?";
  }
  run("CREATE VIRTUAL TABLE documents USING fts5(" + columns + ")");

  const auto start = std::chrono::steady_clock::now();
  run("BEGIN");
  sqlite3_stmt *insert;
  const std::string insertion = "INSERT INTO documents VALUES (" + places + ")";
  check(sqlite3_prepare_v2(database, insertion.c_str(), -1, &insert, nullptr), database);
  simdjson::dom::parser parser;
  simdjson::dom::document_stream documents;
  if (parser.load_many(argv[1], 64 << 20).get(documents)) return 65;
  long count = 0;
  for (auto document : documents) {
    simdjson::dom::object object;
    if (document.get(object)) return 65;
    for (size_t index = 0; index < fields.size(); ++index) {
      std::string_view text;
      if (object[fields[index]].get(text)) {
        sqlite3_bind_null(insert, int(index) + 1);
      } else {
        sqlite3_bind_text(insert, int(index) + 1, text.data(), int(text.size()), SQLITE_STATIC);
      }
    }
    check(sqlite3_step(insert), database);
    check(sqlite3_reset(insert), database);
    ++count;
  }
  sqlite3_finalize(insert);
  check(sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr), database);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  sqlite3_close(database);
  std::printf("{\"seconds\": %.6f, \"documents\": %ld}\n", seconds.count(), count);
  return 0;
}
