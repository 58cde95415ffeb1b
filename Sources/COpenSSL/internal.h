#ifndef COPENSSL_INTERNAL_H
#define COPENSSL_INTERNAL_H
#include "copenssl.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

/// Once for the process.
void cossl_set_up(void);
/// Takes the first error of this thread's queue, and empties it. `ssl` may be NULL.
void cossl_take_error(const SSL *ssl, struct cossl_error *error);
/// Lets `context` encrypt its tickets with these keys, which it keeps alive.
bool cossl_tickets_install(cossl_tickets *tickets, SSL_CTX *context);

#endif
