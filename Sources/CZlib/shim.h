#ifndef CLOZE_CZLIB_SHIM_H
#define CLOZE_CZLIB_SHIM_H
#include <zlib.h>
#endif
