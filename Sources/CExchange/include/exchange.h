#ifndef CLOZE_EXCHANGE_H
#define CLOZE_EXCHANGE_H

/// Swaps what stands at two paths of one file system in a single step; 0, or −1 with `errno`.
int cloze_exchange(const char *a, const char *b);

#endif
