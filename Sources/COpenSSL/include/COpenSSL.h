#ifndef COPENSSL_H
#define COPENSSL_H
// OpenSSL as Swift sees it: the headers, and a typed function for each macro that Swift cannot import.
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#endif
