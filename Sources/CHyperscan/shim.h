#define _GNU_SOURCE
#include <hs/hs.h>
