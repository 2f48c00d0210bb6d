#ifndef CCURL_H
#define CCURL_H
// libcurl as Swift sees it: the headers, and a typed function for each use of a C variadic.
#include <curl/curl.h>
#endif
