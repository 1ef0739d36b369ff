#ifndef CLOZE_SYSTEM_H
#define CLOZE_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

/// What Swift's Glibc module does not show, and what needs the processor's own instructions.

/// Swaps what stands at two paths of one file system in a single step; 0, or −1 with `errno`.
int cloze_exchange(const char *a, const char *b);

/// Whether the process ignores `signal`, as `nohup` has it ignore SIGHUP; 1 or 0.
int cloze_ignores(int signal);

/// Takes `blocks` blocks of 64 bytes into the state of a SHA-256; `plainly` without the processor's instructions for it.
void cloze_sha256(uint32_t state[8], const uint8_t *bytes, size_t blocks, int plainly);

#endif
