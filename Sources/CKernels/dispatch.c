#if defined(__linux__)
#define _GNU_SOURCE  // pthread_getattr_np
#endif
#include "cloze_kernels.h"
#include <pthread.h>
#include <string.h>

extern const cloze_kernels cloze_kernels_baseline;

#if defined(__x86_64__)
#include <cpuid.h>

extern const cloze_kernels cloze_kernels_avx2, cloze_kernels_avx512;

cloze_level cloze_best_level(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4")) return CLOZE_AVX512;
  if (__builtin_cpu_supports("x86-64-v3")) return CLOZE_AVX2;
  return CLOZE_BASELINE;
}

const cloze_kernels *cloze_kernels_at(cloze_level level) {
  switch (level) {
    case CLOZE_AVX512: return &cloze_kernels_avx512;
    case CLOZE_AVX2: return &cloze_kernels_avx2;
    default: return &cloze_kernels_baseline;
  }
}

const char *cloze_processor_name(void) {
  static _Thread_local char name[49];
  unsigned words[12] = {0};
  for (unsigned leaf = 0; leaf < 3; leaf++) {
    unsigned *w = words + 4 * leaf;
    if (!__get_cpuid(0x80000002 + leaf, w, w + 1, w + 2, w + 3)) return "";
  }
  memcpy(name, words, 48);
  size_t start = strspn(name, " "), end = strlen(name);
  while (end > start && name[end - 1] == ' ') name[--end] = 0;
  return name + start;
}

#else

cloze_level cloze_best_level(void) { return CLOZE_BASELINE; }
const cloze_kernels *cloze_kernels_at(cloze_level level) { return &cloze_kernels_baseline; }
const char *cloze_processor_name(void) { return ""; }

#endif

size_t cloze_thread_stack(void) {
  size_t bytes = 0;
#if defined(__linux__)
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes)) return 0;
  if (pthread_attr_getstacksize(&attributes, &bytes)) bytes = 0;
  pthread_attr_destroy(&attributes);
#endif
  return bytes;
}
