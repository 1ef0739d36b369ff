// A double of the calls that change files, for LD_PRELOAD: it counts them, and kills the process before the n-th, lets the
// n-th fail, or plays a disk that is full after so many bytes. Built and used by scripts/torture.
//
//   CLOZE_FAULT=count:FILE     writes the number of calls into FILE at the end
//   CLOZE_FAULT=kill:N         SIGKILL before the N-th call, from 1
//   CLOZE_FAULT=fail:N:ERRNO   the N-th call and all later ones of its kind fail with ERRNO
//   CLOZE_FAULT=delay:US       up to so many microseconds pass before each call, so that two processes meet
//   CLOZE_FAULT=disk:BYTES     writes succeed up to so many bytes in all, then ENOSPC
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static enum { off, counting, killing, failing, filling, delaying } mode;
static long target, bytes, calls;
static int error_number;
static char count_file[4096];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void) {
  const char *fault = getenv("CLOZE_FAULT");
  if (!fault) return;
  if (!strncmp(fault, "count:", 6)) mode = counting, snprintf(count_file, sizeof count_file, "%s", fault + 6);
  if (sscanf(fault, "kill:%ld", &target) == 1) mode = killing;
  if (sscanf(fault, "fail:%ld:%d", &target, &error_number) == 2) mode = failing;
  if (sscanf(fault, "delay:%ld", &target) == 1) mode = delaying;
  if (sscanf(fault, "disk:%ld", &target) == 1) mode = filling;
}

__attribute__((destructor)) static void end(void) {
  if (mode != counting) return;
  mode = off;
  FILE *file = fopen(count_file, "w");
  if (file) fprintf(file, "%ld %ld\n", calls, bytes), fclose(file);
}

// Commands leave without the ends of libraries, and so without the one above.
void _exit(int code) {
  end();
  NEXT(_exit)(code);
  __builtin_unreachable();
}

// Whether the call is to fail; kills where it is time.
static int fault(void) {
  if (mode == off) return 0;
  pthread_mutex_lock(&mutex);
  long number = ++calls;
  pthread_mutex_unlock(&mutex);
  if (mode == delaying) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    unsigned long random = (unsigned long)time.tv_nsec * 0x9E3779B97F4A7C15u ^ (unsigned long)getpid();
    usleep((useconds_t)((random >> 33) % (unsigned long)(target + 1)));
  }
  if (mode == killing && number == target) kill(getpid(), SIGKILL);
  if (mode == failing && number == target) return errno = error_number, 1;
  return 0;
}

static int is_file(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// How many of `count` bytes still fit; −1 with `errno` for none.
static ssize_t space_left(size_t count) {
  pthread_mutex_lock(&mutex);
  ssize_t fits = (ssize_t)count;
  if (mode == filling && bytes + fits > target) fits = target - bytes;
  if (fits < 0) fits = 0;
  bytes += fits;
  pthread_mutex_unlock(&mutex);
  if (fits == 0 && count > 0) return errno = ENOSPC, -1;
  return fits;
}

ssize_t write(int d, const void *b, size_t n) {
  if (!is_file(d)) return NEXT(write)(d, b, n);
  if (fault()) return -1;
  ssize_t fits = space_left(n);
  return fits < 0 ? -1 : NEXT(write)(d, b, (size_t)fits);
}
ssize_t pwrite(int d, const void *b, size_t n, off_t at) {
  if (fault()) return -1;
  ssize_t fits = space_left(n);
  return fits < 0 ? -1 : NEXT(pwrite)(d, b, (size_t)fits, at);
}
ssize_t pwrite64(int d, const void *b, size_t n, off64_t at) {
  if (fault()) return -1;
  ssize_t fits = space_left(n);
  return fits < 0 ? -1 : NEXT(pwrite64)(d, b, (size_t)fits, at);
}
#define WRAP(type, name, parameters, arguments) \
  type name parameters { return fault() ? -1 : NEXT(name) arguments; }
WRAP(int, fsync, (int d), (d))
WRAP(int, fdatasync, (int d), (d))
WRAP(int, ftruncate, (int d, off_t n), (d, n))
WRAP(int, ftruncate64, (int d, off64_t n), (d, n))
WRAP(int, rename, (const char *a, const char *b), (a, b))
WRAP(int, renameat2, (int d, const char *a, int e, const char *b, unsigned f), (d, a, e, b, f))
WRAP(int, link, (const char *a, const char *b), (a, b))
WRAP(int, linkat, (int d, const char *a, int e, const char *b, int f), (d, a, e, b, f))
WRAP(int, unlink, (const char *a), (a))
WRAP(int, unlinkat, (int d, const char *a, int f), (d, a, f))
WRAP(int, rmdir, (const char *a), (a))
WRAP(int, mkdir, (const char *a, mode_t m), (a, m))

static mode_t mode_of(int flags, va_list list) { return flags & O_CREAT ? va_arg(list, mode_t) : 0; }
#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; \
    va_start(list, flags); \
    mode_t m = mode_of(flags, list); \
    va_end(list); \
    if (flags & O_CREAT && fault()) return -1; \
    return NEXT(name)(path, flags, m); \
  }
OPEN(open)
OPEN(open64)
