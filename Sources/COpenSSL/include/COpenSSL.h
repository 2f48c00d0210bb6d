#ifndef COPENSSL_H
#define COPENSSL_H
// OpenSSL as Swift sees it: the headers, and a typed function for each macro that Swift cannot import.
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static inline long vigil_ssl_set_host_name(SSL *ssl, const char *name) { return SSL_set_tlsext_host_name(ssl, name); }
static inline long vigil_ssl_ctx_set_min_version(SSL_CTX *ctx, int v) { return SSL_CTX_set_min_proto_version(ctx, v); }
static inline long vigil_ssl_ctx_set_max_version(SSL_CTX *ctx, int v) { return SSL_CTX_set_max_proto_version(ctx, v); }
static inline long vigil_ssl_ctx_set_groups(SSL_CTX *ctx, const char *list) { return SSL_CTX_set1_groups_list(ctx, list); }
static inline long vigil_ssl_ctx_add_chain(SSL_CTX *ctx, X509 *x) { return SSL_CTX_add1_chain_cert(ctx, x); }
static inline int vigil_chain_count(const STACK_OF(X509) *chain) { return chain ? sk_X509_num(chain) : 0; }
static inline X509 *vigil_chain_at(const STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }
// Borrows its members from the stack it is made of; free with vigil_chain_free.
static inline STACK_OF(X509) *vigil_chain_new(void) { return sk_X509_new_null(); }
static inline int vigil_chain_push(STACK_OF(X509) *chain, X509 *x) { return sk_X509_push(chain, x); }
static inline void vigil_chain_free(STACK_OF(X509) *chain) { sk_X509_free(chain); }
static inline EVP_PKEY *vigil_rsa_key(unsigned bits) { return EVP_RSA_gen(bits); }
static inline EVP_PKEY *vigil_ec_key(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *vigil_ed25519_key(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"); }
static inline void vigil_x509v3_no_db(X509V3_CTX *ctx) { X509V3_set_ctx_nodb(ctx); }
// Servers without RFC 5746 are looked at all the same.
static inline uint64_t vigil_legacy_options(void) { return SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION; }
static inline long vigil_bio_set_nbio(BIO *b, int n) { return BIO_set_nbio(b, n); }
static inline long vigil_ssl_set_max_cert_list(SSL *ssl, long n) { return SSL_set_max_cert_list(ssl, n); }
static inline long vigil_ssl_set_sigalgs(SSL *ssl, const char *list) { return SSL_set1_sigalgs_list(ssl, list); }
static inline long vigil_ssl_set_min_version(SSL *ssl, int v) { return SSL_set_min_proto_version(ssl, v); }
static inline long vigil_ssl_set_max_version(SSL *ssl, int v) { return SSL_set_max_proto_version(ssl, v); }
static inline long vigil_ssl_request_staple(SSL *ssl) { return SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp); }
// As X509_STORE_set_default_paths, but for the lookup by OSSL_STORE: it lists the whole folder for each certificate that is
// not found, where the lookup by hash opens one name.
static inline int vigil_store_set_default_paths(X509_STORE *store) {
  X509_LOOKUP *file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  X509_LOOKUP *folder = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (!file || !folder) return 0;
  // A machine may have either one alone.
  X509_LOOKUP_load_file(file, NULL, X509_FILETYPE_DEFAULT);
  X509_LOOKUP_add_dir(folder, NULL, X509_FILETYPE_DEFAULT);
  return 1;
}
// Borrowed; -1 when the server sent none.
static inline long vigil_ssl_get_staple(SSL *ssl, const unsigned char **bytes) {
  return SSL_get_tlsext_status_ocsp_resp(ssl, bytes);
}
// For servers: `callback` runs where a client asks for a staple, and gives one by vigil_ssl_set_staple, which copies.
static inline long vigil_ssl_ctx_set_status_callback(SSL_CTX *ctx, int (*callback)(SSL *, void *)) {
  return SSL_CTX_set_tlsext_status_cb(ctx, callback);
}
static inline long vigil_ssl_ctx_set_status_argument(SSL_CTX *ctx, void *argument) {
  return SSL_CTX_set_tlsext_status_arg(ctx, argument);
}
static inline long vigil_ssl_set_staple(SSL *ssl, const unsigned char *bytes, size_t count) {
  unsigned char *copy = OPENSSL_memdup(bytes, count);
  return copy ? SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)count) : 0;
}
static inline long vigil_ssl_ctx_set_name_callback(SSL_CTX *ctx, int (*callback)(SSL *, int *, void *)) {
  return SSL_CTX_set_tlsext_servername_callback(ctx, callback);
}
static inline long vigil_ssl_ctx_set_name_argument(SSL_CTX *ctx, void *argument) {
  return SSL_CTX_set_tlsext_servername_arg(ctx, argument);
}
// Borrows its members from the stack it is made of; free with vigil_lists_free.
static inline STACK_OF(X509_CRL) *vigil_lists_new(void) { return sk_X509_CRL_new_null(); }
static inline int vigil_lists_push(STACK_OF(X509_CRL) *lists, X509_CRL *list) { return sk_X509_CRL_push(lists, list); }
static inline void vigil_lists_free(STACK_OF(X509_CRL) *lists) { sk_X509_CRL_free(lists); }
// For sessions that are resumed, as the TLS engine asks for them.
static inline uint64_t vigil_no_ticket_option(void) { return SSL_OP_NO_TICKET; }
// A peer that closes without a close_notify ends the stream, no more.
static inline uint64_t vigil_eof_option(void) { return SSL_OP_IGNORE_UNEXPECTED_EOF; }
#endif
