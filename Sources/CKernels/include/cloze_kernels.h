int cloze_kernels_version(void);
