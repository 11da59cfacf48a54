// Records what a program does to files: to be loaded with LD_PRELOAD. Each change is done and then
// appended to the file POWER_LOSS_LOG, in one order for all threads and processes: whoever changes
// something holds a lock on that file.
//
// A record is a line of JSON without the bytes, followed by the bytes:
//   {"op": "write", "path": …, "offset": …, "count": …, "durable": …}
//   {"op": "truncate", "path": …, "offset": …}   {"op": "sync", "path": …}
//   {"op": "create" | "mkdir" | "unlink" | "rmdir", "path": …}   {"op": "rename", "path": …, "to":
//   …}
// Only what happens below POWER_LOSS_ROOT is recorded.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *root;

static void begin(void) {
  pthread_mutex_lock(&mutex);
  if (log_fd < 0) {
    root = getenv("POWER_LOSS_ROOT");
    int fd = REAL(open)(getenv("POWER_LOSS_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    // Out of the way of the program's descriptors.
    log_fd = fcntl(fd, F_DUPFD_CLOEXEC, 900);
    REAL(close)(fd);
    if (log_fd < 0) abort();
  }
  flock(log_fd, LOCK_EX);
}

static void end(void) {
  int code = errno;
  flock(log_fd, LOCK_UN);
  pthread_mutex_unlock(&mutex);
  errno = code;
}

static void append(const void *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = REAL(write)(log_fd, bytes, count);
    if (written < 0) abort();
    bytes = (const char *)bytes + written;
    count -= written;
  }
}

// The path below the root, or NULL.
static const char *below_root(const char *path) {
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

static const char *path_of(int fd, char *buffer) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t count = readlink(link, buffer, PATH_MAX - 1);
  if (count < 0) return NULL;
  buffer[count] = 0;
  char *deleted = strstr(buffer, " (deleted)");
  if (deleted) return NULL;
  if (strcmp(buffer, root) == 0) return ".";
  return below_root(buffer);
}

static void record(
    const char *operation, const char *path, const char *to, off_t offset, size_t count,
    int durable) {
  char line[2 * PATH_MAX];
  int length = snprintf(
      line, sizeof line,
      "{\"op\": \"%s\", \"path\": \"%s\", \"to\": \"%s\", \"offset\": %lld, \"count\": %zu, "
      "\"durable\": %d}\n",
      operation, path, to ? to : "", (long long)offset, count, durable);
  append(line, length);
}

static int is_durable(int fd) { return (fcntl(fd, F_GETFL) & O_DSYNC) != 0; }

static void record_write(
    int fd, const struct iovec *vectors, int vector_count, off_t offset, ssize_t count) {
  char buffer[PATH_MAX];
  const char *path = count > 0 ? path_of(fd, buffer) : NULL;
  if (!path) return;
  record("write", path, NULL, offset, count, is_durable(fd));
  for (int index = 0; index < vector_count && count > 0; index++) {
    size_t part = vectors[index].iov_len < (size_t)count ? vectors[index].iov_len : (size_t)count;
    append(vectors[index].iov_base, part);
    count -= part;
  }
}

ssize_t pwrite(int fd, const void *bytes, size_t byte_count, off_t offset) {
  begin();
  ssize_t count = REAL(pwrite)(fd, bytes, byte_count, offset);
  record_write(fd, &(struct iovec){(void *)bytes, byte_count}, 1, offset, count);
  end();
  return count;
}

ssize_t pwrite64(int fd, const void *bytes, size_t byte_count, off_t offset) {
  return pwrite(fd, bytes, byte_count, offset);
}

ssize_t pwritev(int fd, const struct iovec *vectors, int vector_count, off_t offset) {
  begin();
  ssize_t count = REAL(pwritev)(fd, vectors, vector_count, offset);
  record_write(fd, vectors, vector_count, offset, count);
  end();
  return count;
}

ssize_t writev(int fd, const struct iovec *vectors, int vector_count) {
  begin();
  off_t offset = lseek(fd, 0, SEEK_CUR);
  ssize_t count = REAL(writev)(fd, vectors, vector_count);
  record_write(fd, vectors, vector_count, offset, count);
  end();
  return count;
}

ssize_t write(int fd, const void *bytes, size_t byte_count) {
  begin();
  off_t offset = lseek(fd, 0, SEEK_CUR);
  ssize_t count = REAL(write)(fd, bytes, byte_count);
  if (offset >= 0) record_write(fd, &(struct iovec){(void *)bytes, byte_count}, 1, offset, count);
  end();
  return count;
}

static int record_descriptor(int result, int fd, const char *operation, off_t offset) {
  char buffer[PATH_MAX];
  const char *path = result == 0 ? path_of(fd, buffer) : NULL;
  if (path) record(operation, path, NULL, offset, 0, 0);
  return result;
}

// What is written while it lasts may or may not be on the device: the lock keeps that out.
#define RECORD_SYNC(name)                                            \
  int name(int fd) {                                                 \
    begin();                                                         \
    int result = record_descriptor(REAL(name)(fd), fd, "sync", 0);   \
    end();                                                           \
    return result;                                                   \
  }
RECORD_SYNC(fsync)
RECORD_SYNC(fdatasync)

int ftruncate(int fd, off_t length) {
  begin();
  int result = record_descriptor(REAL(ftruncate)(fd, length), fd, "truncate", length);
  end();
  return result;
}

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

static int open_recorded(const char *path, int flags, mode_t mode) {
  if (!(flags & (O_CREAT | O_TRUNC))) return REAL(open)(path, flags, mode);
  begin();
  struct stat status;
  int existed = stat(path, &status) == 0;
  int fd = REAL(open)(path, flags, mode);
  const char *relative = fd >= 0 ? below_root(path) : NULL;
  if (relative && !existed) record("create", relative, NULL, 0, 0, 0);
  if (relative && existed && flags & O_TRUNC) record("truncate", relative, NULL, 0, 0, 0);
  end();
  return fd;
}

#define RECORD_OPEN(name)                                 \
  int name(const char *path, int flags, ...) {            \
    va_list arguments;                                    \
    va_start(arguments, flags);                           \
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments);                                    \
    return open_recorded(path, flags, mode);              \
  }
RECORD_OPEN(open)
RECORD_OPEN(open64)

static void record_path(int result, const char *operation, const char *path, const char *to) {
  const char *relative = result == 0 ? below_root(path) : NULL;
  if (relative) record(operation, relative, to ? below_root(to) : NULL, 0, 0, 0);
}

#define RECORD_PATH(name, operation, parameters, call, to) \
  int name parameters {                                    \
    begin();                                               \
    int result = REAL(name) call;                          \
    record_path(result, operation, path, to);              \
    end();                                                 \
    return result;                                         \
  }
RECORD_PATH(mkdir, "mkdir", (const char *path, mode_t mode), (path, mode), NULL)
RECORD_PATH(unlink, "unlink", (const char *path), (path), NULL)
RECORD_PATH(rmdir, "rmdir", (const char *path), (path), NULL)
RECORD_PATH(rename, "rename", (const char *path, const char *to), (path, to), to)
