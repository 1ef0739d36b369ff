#ifndef CLOZE_SYSTEM_H
#define CLOZE_SYSTEM_H

/// What Swift's Glibc module does not show.

/// Swaps what stands at two paths of one file system in a single step; 0, or −1 with `errno`.
int cloze_exchange(const char *a, const char *b);

/// Whether the process ignores `signal`, as `nohup` has it ignore SIGHUP; 1 or 0.
int cloze_ignores(int signal);

#endif
