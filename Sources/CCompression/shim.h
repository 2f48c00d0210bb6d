#include <zlib.h>
#include <brotli/decode.h>
#include <lzma.h>
