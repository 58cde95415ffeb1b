// Errors in words, and what is set up once.
#include "internal.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <openssl/x509_vfy.h>

// The reason numbers from here on are alerts of the peer (SSL_AD_REASON_OFFSET of OpenSSL's ssl.h).
enum { ALERT_REASONS = 1000 };

static void set_up(void) {
    // Workers may still run when the process ends: nothing is torn down under their feet.
    OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL);
}

void cossl_set_up(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
}

static uint32_t kind_of(int reason) {
    if (reason >= ALERT_REASONS) return COSSL_ALERT;
    switch (reason) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return COSSL_CERTIFICATE;
    default: return COSSL_VIOLATION;
    }
}

void cossl_take_error(const SSL *ssl, struct cossl_error *error) {
    unsigned long code = ERR_get_error();
    ERR_clear_error();
    error->kind = COSSL_INTERNAL;
    if (code == 0) {
        snprintf(error->reason, sizeof error->reason, "no reason given");
        return;
    }
    int reason = ERR_GET_REASON(code);
    if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason != ERR_R_MALLOC_FAILURE) error->kind = kind_of(reason);
    const char *words = ERR_reason_error_string(code);
    if (words == NULL) words = "unknown error";
    if (ssl != NULL && reason == SSL_R_CERTIFICATE_VERIFY_FAILED && error->kind == COSSL_CERTIFICATE) {
        snprintf(
            error->reason, sizeof error->reason, "%s: %s", words,
            X509_verify_cert_error_string(SSL_get_verify_result(ssl)));
    } else {
        snprintf(error->reason, sizeof error->reason, "%s", words);
    }
}

void cossl_free(void *memory) { OPENSSL_free(memory); }
