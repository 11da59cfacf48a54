// Writes the keys and values of an index's table of segments to a new environment: what LMDB takes
// by itself.
//
// Usage: lmdb_copy INDEX_DIRECTORY NEW_DIRECTORY TRANSACTION_BYTES
//
// Everything is in memory before the clock starts. Transactions are as large as the indexer's.
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static void check(int code) {
  if (code == 0) return;
  fprintf(stderr, "lmdb_copy: %s\n", mdb_strerror(code));
  exit(1);
}

static MDB_env *open_environment(const char *path, unsigned flags) {
  MDB_env *environment;
  check(mdb_env_create(&environment));
  check(mdb_env_set_mapsize(environment, (size_t)64 << 30));
  check(mdb_env_set_maxdbs(environment, 4));
  check(mdb_env_open(environment, path, flags, 0600));
  return environment;
}

static MDB_val copy(MDB_val value) {
  MDB_val result = {value.mv_size, malloc(value.mv_size)};
  memcpy(result.mv_data, value.mv_data, value.mv_size);
  return result;
}

int main(int argc, char **argv) {
  if (argc != 4) return 64;
  const size_t limit = strtoul(argv[3], NULL, 10);
  MDB_env *source = open_environment(argv[1], MDB_RDONLY);
  MDB_txn *transaction;
  MDB_dbi table;
  MDB_cursor *cursor;
  check(mdb_txn_begin(source, NULL, MDB_RDONLY, &transaction));
  check(mdb_dbi_open(transaction, "segments", 0, &table));
  check(mdb_cursor_open(transaction, table, &cursor));
  size_t count = 0, capacity = 1 << 16;
  MDB_val *entries = malloc(capacity * 2 * sizeof *entries);
  MDB_val key, value;
  while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
    if (count == capacity) entries = realloc(entries, (capacity *= 2) * 2 * sizeof *entries);
    entries[2 * count] = copy(key);
    entries[2 * count + 1] = copy(value);
    ++count;
  }
  mdb_cursor_close(cursor);
  mdb_txn_abort(transaction);
  mdb_env_close(source);

  mkdir(argv[2], 0700);
  MDB_env *target = open_environment(argv[2], MDB_NORDAHEAD);
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (size_t index = 0; index < count;) {
    check(mdb_txn_begin(target, NULL, MDB_NOMETASYNC, &transaction));
    check(mdb_dbi_open(transaction, "segments", MDB_CREATE, &table));
    for (size_t bytes = 0; index < count && bytes < limit; ++index) {
      check(mdb_put(transaction, table, &entries[2 * index], &entries[2 * index + 1], MDB_APPEND));
      bytes += entries[2 * index].mv_size + entries[2 * index + 1].mv_size;
    }
    check(mdb_txn_commit(transaction));
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  mdb_env_close(target);
  printf(
    "{\"seconds\": %.6f, \"documents\": %zu}\n",
    (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9, count);
  return 0;
}
