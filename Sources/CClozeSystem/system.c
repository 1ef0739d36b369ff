#define _GNU_SOURCE
#include "cloze_system.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

// glibc shows renameat2 only to those who ask for GNU extensions.
int cloze_exchange(const char *a, const char *b) { return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE); }

// Swift cannot compare the pointers to functions.
int cloze_ignores(int signal) {
  struct sigaction now;
  return sigaction(signal, 0, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_IGN;
}
