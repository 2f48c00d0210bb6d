#define _GNU_SOURCE
#include <zlib.h>
#include <brotli/decode.h>
#include <lzma.h>
