// As whom a context answers: a chain of certificates and the key of its first.
#define _GNU_SOURCE  // timegm(3)
#include "internal.h"

#include <limits.h>
#include <string.h>
#include <time.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Without this OpenSSL asks for the passphrase on the terminal, and waits.
static int no_passphrase(char *buffer, int size, int encrypts, void *asked) {
    (void)buffer, (void)size, (void)encrypts;
    *(bool *)asked = true;
    return -1;
}

static uint32_t use_chain(SSL_CTX *context, BIO *pem) {
    X509 *certificate = PEM_read_bio_X509_AUX(pem, NULL, NULL, NULL);
    bool is_used = certificate != NULL && SSL_CTX_use_certificate(context, certificate) == 1;
    X509_free(certificate);
    if (!is_used) return COSSL_PART_CERTIFICATE;
    while ((certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
        // The context owns what it takes.
        if (SSL_CTX_add0_chain_cert(context, certificate) != 1) {
            X509_free(certificate);
            return COSSL_PART_CHAIN;
        }
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return COSSL_PART_CHAIN;
    ERR_clear_error();
    return COSSL_PART_NONE;
}

static uint32_t use_key(SSL_CTX *context, BIO *pem) {
    bool is_encrypted = false;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(pem, NULL, no_passphrase, &is_encrypted);
    if (key == NULL) return is_encrypted ? COSSL_PART_KEY_ENCRYPTED : COSSL_PART_KEY;
    bool fits = X509_check_private_key(SSL_CTX_get0_certificate(context), key) == 1;
    bool is_used = fits && SSL_CTX_use_PrivateKey(context, key) == 1;
    EVP_PKEY_free(key);
    if (!fits) return COSSL_PART_KEY_MATCH;
    return is_used ? COSSL_PART_NONE : COSSL_PART_KEY;
}

bool cossl_context_use(
    SSL_CTX *context, const uint8_t *chain, size_t chain_count, const uint8_t *key, size_t key_count, uint32_t *part,
    struct cossl_error *error) {
    ERR_clear_error();
    *part = COSSL_PART_MEMORY;
    BIO *chain_pem = chain_count > INT_MAX ? NULL : BIO_new_mem_buf(chain, (int)chain_count);
    BIO *key_pem = key_count > INT_MAX ? NULL : BIO_new_mem_buf(key, (int)key_count);
    if (chain_pem != NULL && key_pem != NULL) *part = use_chain(context, chain_pem);
    if (*part == COSSL_PART_NONE) *part = use_key(context, key_pem);
    if (*part != COSSL_PART_NONE) cossl_take_error(NULL, error);
    BIO_free(chain_pem);
    BIO_free(key_pem);
    return *part == COSSL_PART_NONE;
}

// ---- what the certificate says ----

static bool is_plain_name(const uint8_t *name, int count) {
    for (int i = 0; i < count; i++) {
        if (name[i] <= ' ' || name[i] >= 0x7f) return false;
    }
    return count > 0;
}

char *cossl_certificate_names(SSL_CTX *context) {
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL) return NULL;
    GENERAL_NAMES *names =
        X509_get_ext_d2i(SSL_CTX_get0_certificate(context), NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type != GEN_DNS) continue;
        const uint8_t *bytes = ASN1_STRING_get0_data(name->d.dNSName);
        int count = ASN1_STRING_length(name->d.dNSName);
        if (!is_plain_name(bytes, count)) continue;
        BIO_write(memory, bytes, count);
        BIO_write(memory, "\n", 1);
    }
    GENERAL_NAMES_free(names);
    char *start = NULL;
    long count = BIO_get_mem_data(memory, &start);
    char *text = OPENSSL_strndup(count > 0 ? start : "", count > 0 ? (size_t)count : 0);
    BIO_free(memory);
    ERR_clear_error();
    return text;
}

static bool seconds_of(const ASN1_TIME *time, int64_t *seconds) {
    struct tm parts;
    if (ASN1_TIME_to_tm(time, &parts) != 1) return false;
    *seconds = timegm(&parts);
    return true;
}

bool cossl_certificate_validity(SSL_CTX *context, int64_t *from, int64_t *until) {
    X509 *certificate = SSL_CTX_get0_certificate(context);
    return certificate != NULL && seconds_of(X509_get0_notBefore(certificate), from)
        && seconds_of(X509_get0_notAfter(certificate), until);
}

int cossl_certificate_kind(SSL_CTX *context) {
    X509 *certificate = SSL_CTX_get0_certificate(context);
    const EVP_PKEY *key = certificate == NULL ? NULL : X509_get0_pubkey(certificate);
    return key == NULL ? 0 : EVP_PKEY_get_base_id(key);
}

bool cossl_certificate_sha256(SSL_CTX *context, uint8_t digest[32]) {
    X509 *certificate = SSL_CTX_get0_certificate(context);
    unsigned int count = 0;
    return certificate != NULL && X509_digest(certificate, EVP_sha256(), digest, &count) == 1 && count == 32;
}
