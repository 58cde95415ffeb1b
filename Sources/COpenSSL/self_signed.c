// A certificate for development, made when the server starts and never written to a file.
#define _GNU_SOURCE  // strsep(3)
#include "internal.h"

#include <string.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static GENERAL_NAME *general_name(const char *text) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (name == NULL) return NULL;
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
    if (address != NULL) {
        GENERAL_NAME_set0_value(name, GEN_IPADD, address);
        return name;
    }
    ASN1_IA5STRING *host = ASN1_IA5STRING_new();
    if (host == NULL || ASN1_STRING_set(host, text, -1) != 1) {
        ASN1_IA5STRING_free(host);
        GENERAL_NAME_free(name);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, GEN_DNS, host);
    return name;
}

static bool add_names(X509 *certificate, const char *names) {
    GENERAL_NAMES *list = sk_GENERAL_NAME_new_null();
    char *lines = OPENSSL_strdup(names);
    bool is_complete = list != NULL && lines != NULL;
    char *rest = lines;
    char *line;
    while (is_complete && (line = strsep(&rest, "\n")) != NULL) {
        GENERAL_NAME *name = general_name(line);
        is_complete = name != NULL && sk_GENERAL_NAME_push(list, name) > 0;
        if (!is_complete) GENERAL_NAME_free(name);
    }
    is_complete = is_complete && X509_add1_ext_i2d(certificate, NID_subject_alt_name, list, 0, 0) == 1;
    GENERAL_NAMES_free(list);
    OPENSSL_free(lines);
    return is_complete;
}

static bool add_extension(X509 *certificate, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

static bool set_serial(X509 *certificate) {
    BIGNUM *number = BN_new();
    // RFC 5280 section 4.1.2.2: positive, at most twenty octets.
    bool is_set = number != NULL && BN_rand(number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
        && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return is_set;
}

static bool fill(X509 *certificate, EVP_PKEY *key, const char *names, int64_t from, int64_t until) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate)
        && ASN1_TIME_set(X509_getm_notBefore(certificate), from) != NULL
        && ASN1_TIME_set(X509_getm_notAfter(certificate), until) != NULL
        && X509_NAME_add_entry_by_txt(
               subject, "CN", MBSTRING_ASC, (const unsigned char *)"wsbridge self-signed", -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, subject) == 1 && X509_set_pubkey(certificate, key) == 1
        && add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && add_extension(certificate, NID_key_usage, "critical,digitalSignature")
        && add_extension(certificate, NID_ext_key_usage, "serverAuth") && add_names(certificate, names)
        && X509_sign(certificate, key, EVP_sha256()) > 0;
}

static char *contents(BIO *memory, size_t *count) {
    char *start = NULL;
    long length = BIO_get_mem_data(memory, &start);
    if (length <= 0) return NULL;
    *count = (size_t)length;
    return OPENSSL_memdup(start, (size_t)length);
}

static bool write_pem(
    X509 *certificate, EVP_PKEY *key, char **chain, size_t *chain_count, char **key_text, size_t *key_count) {
    BIO *chain_memory = BIO_new(BIO_s_mem());
    BIO *key_memory = BIO_new(BIO_s_secmem());
    if (chain_memory != NULL && key_memory != NULL && PEM_write_bio_X509(chain_memory, certificate) == 1
        && PEM_write_bio_PrivateKey(key_memory, key, NULL, NULL, 0, NULL, NULL) == 1) {
        *chain = contents(chain_memory, chain_count);
        *key_text = contents(key_memory, key_count);
    }
    BIO_free(chain_memory);
    BIO_free(key_memory);
    return *chain != NULL && *key_text != NULL;
}

bool cossl_self_signed(
    const char *names, int64_t from, int64_t until, char **chain, size_t *chain_count, char **key, size_t *key_count) {
    cossl_set_up();
    ERR_clear_error();
    *chain = NULL;
    *key = NULL;
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    bool is_made = pair != NULL && certificate != NULL && fill(certificate, pair, names, from, until)
        && write_pem(certificate, pair, chain, chain_count, key, key_count);
    X509_free(certificate);
    EVP_PKEY_free(pair);
    if (!is_made) {
        OPENSSL_free(*chain);
        OPENSSL_free(*key);
        *chain = NULL;
        *key = NULL;
        ERR_clear_error();
    }
    return is_made;
}
