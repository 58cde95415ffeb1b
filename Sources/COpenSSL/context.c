// Contexts: what a connection may agree to, and as whom we answer.
#include "internal.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

// Seconds in which a session can be resumed; two turns of the ticket keys outlive it.
enum { SESSION_SECONDS = 7200 };
// One: a WebSocket client comes back with one connection, and each ticket costs a session's serialization.
enum { TICKETS_PER_HANDSHAKE = 1 };
// Curves that every modern client has and that cost little; P-521 and X448 take a server ten times as long.
static const char groups[] = "X25519:P-256:P-384";

// ---- what hangs on a context ----

struct name {
    char *name;             // lower case; of "*.example.org" ".example.org"
    SSL_CTX *context;
};

struct extras {
    uint8_t *protocols;     // ALPN, as the wire has it
    size_t protocol_count;
    struct name *names;
    size_t name_count;
};

static void free_extras(void *parent, void *pointer, CRYPTO_EX_DATA *data, int index, long number, void *argument) {
    (void)parent, (void)data, (void)index, (void)number, (void)argument;
    struct extras *extras = pointer;
    if (extras == NULL) return;
    for (size_t i = 0; i < extras->name_count; i++) {
        OPENSSL_free(extras->names[i].name);
        SSL_CTX_free(extras->names[i].context);
    }
    OPENSSL_free(extras->names);
    OPENSSL_free(extras->protocols);
    OPENSSL_free(extras);
}

static int index_of_extras = -1;
static void make_index(void) { index_of_extras = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_extras); }

static struct extras *extras_of(SSL_CTX *context) { return SSL_CTX_get_ex_data(context, index_of_extras); }

static struct extras *add_extras(SSL_CTX *context) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_index);
    struct extras *extras = index_of_extras < 0 ? NULL : OPENSSL_zalloc(sizeof *extras);
    if (extras != NULL && SSL_CTX_set_ex_data(context, index_of_extras, extras) == 1) return extras;
    OPENSSL_free(extras);
    return NULL;
}

// ---- names (RFC 6066 section 3) ----

static SSL_CTX *find_name(const struct extras *extras, const char *name) {
    // Few enough to be looked at one after the other: a handshake costs more than a thousand comparisons.
    for (size_t i = 0; i < extras->name_count; i++) {
        if (strcasecmp(extras->names[i].name, name) == 0) return extras->names[i].context;
    }
    return NULL;
}

static int choose_by_name(SSL *ssl, int *alert, void *argument) {
    (void)alert, (void)argument;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const struct extras *extras = extras_of(SSL_get_SSL_CTX(ssl));
    if (name == NULL || extras == NULL) return SSL_TLSEXT_ERR_NOACK;
    SSL_CTX *chosen = find_name(extras, name);
    const char *parent = strchr(name, '.');
    if (chosen == NULL && parent != NULL) chosen = find_name(extras, parent);
    if (chosen == NULL) return SSL_TLSEXT_ERR_NOACK;
    SSL_set_SSL_CTX(ssl, chosen);
    return SSL_TLSEXT_ERR_OK;
}

bool cossl_context_add_name(SSL_CTX *context, const char *name, SSL_CTX *other) {
    struct extras *extras = extras_of(context);
    if (extras == NULL) return false;
    struct name *names = OPENSSL_realloc(extras->names, (extras->name_count + 1) * sizeof *names);
    if (names == NULL) return false;
    extras->names = names;
    // The star of "*.example.org" stands for the whole first label: the rest is what is compared.
    char *copy = OPENSSL_strdup(strncmp(name, "*.", 2) == 0 ? name + 1 : name);
    if (copy == NULL || SSL_CTX_up_ref(other) != 1) {
        OPENSSL_free(copy);
        return false;
    }
    names[extras->name_count] = (struct name){copy, other};
    extras->name_count += 1;
    return true;
}

// ---- ALPN (RFC 7301) ----

static int choose_protocol(
    SSL *ssl, const unsigned char **chosen, unsigned char *count, const unsigned char *offered,
    unsigned int offered_count, void *argument) {
    (void)ssl;
    const struct extras *extras = argument;
    unsigned char *found = NULL;
    int result = SSL_select_next_proto(
        &found, count, extras->protocols, (unsigned int)extras->protocol_count, offered, offered_count);
    if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

static bool set_protocols(SSL_CTX *context, struct extras *extras, const struct cossl_settings *settings) {
    if (settings->protocol_count == 0) return true;
    if (settings->is_client) {
        // 0 is success for this function alone.
        return SSL_CTX_set_alpn_protos(context, settings->protocols, (unsigned int)settings->protocol_count) == 0;
    }
    extras->protocols = OPENSSL_memdup(settings->protocols, settings->protocol_count);
    if (extras->protocols == NULL) return false;
    extras->protocol_count = settings->protocol_count;
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, extras);
    return true;
}

// ---- the peer's certificate ----

// Each certificate of the PEM text; false when there is none or one is broken.
static bool trust(SSL_CTX *context, BIO *pem, bool is_client) {
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    int count = 0;
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL)) != NULL) {
        bool is_added = X509_STORE_add_cert(store, certificate) == 1
            && (is_client || SSL_CTX_add_client_CA(context, certificate) == 1);
        X509_free(certificate);
        if (!is_added) return false;
        count += 1;
    }
    unsigned long error = ERR_peek_last_error();
    if (count == 0 || ERR_GET_REASON(error) != PEM_R_NO_START_LINE) return false;
    ERR_clear_error();
    return true;
}

// A session may be resumed only where its client would have been checked in the same way.
static bool set_scope(SSL_CTX *context, const struct cossl_settings *settings) {
    uint8_t scope[SHA256_DIGEST_LENGTH + 1];
    SHA256(settings->authorities, settings->authority_count, scope);
    scope[SHA256_DIGEST_LENGTH - 1] ^= settings->requires_certificate;
    return SSL_CTX_set_session_id_context(context, scope, SHA256_DIGEST_LENGTH) == 1;
}

static bool set_authorities(SSL_CTX *context, const struct cossl_settings *settings) {
    if (!set_scope(context, settings)) return false;
    if (settings->authorities == NULL) return true;
    if (settings->authority_count > INT_MAX) return false;
    BIO *pem = BIO_new_mem_buf(settings->authorities, (int)settings->authority_count);
    bool is_set = pem != NULL && trust(context, pem, settings->is_client);
    BIO_free(pem);
    int mode = SSL_VERIFY_PEER;
    if (settings->requires_certificate) mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(context, mode, NULL);
    return is_set;
}

// ---- making one ----

static bool set_basics(SSL_CTX *context, const struct cossl_settings *settings) {
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // The buffers of an idle connection, 34 kB, go; a rest of the plaintext may lie elsewhere in the next call.
    SSL_CTX_set_mode(
        context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(context, SESSION_SECONDS);
    if (SSL_CTX_set_min_proto_version(context, settings->version_min) != 1
        || SSL_CTX_set_max_proto_version(context, settings->version_max) != 1) {
        return false;
    }
    if (settings->is_client) return true;
    // Our order, but a client that begins with ChaCha20 has no instructions for AES.
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_tlsext_servername_callback(context, choose_by_name);
    if (settings->tickets == NULL) {
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
        SSL_CTX_set_num_tickets(context, 0);
    } else if (
        !cossl_tickets_install(settings->tickets, context)
        || SSL_CTX_set_num_tickets(context, TICKETS_PER_HANDSHAKE) != 1) {
        return false;
    }
    return SSL_CTX_set1_groups_list(context, groups) == 1;
}

static uint32_t set_all(SSL_CTX *context, const struct cossl_settings *settings) {
    struct extras *extras = add_extras(context);
    if (extras == NULL || !set_basics(context, settings)) return COSSL_PART_MEMORY;
    if (SSL_CTX_set_cipher_list(context, settings->ciphers) != 1) return COSSL_PART_CIPHERS;
    if (SSL_CTX_set_ciphersuites(context, settings->suites) != 1) return COSSL_PART_SUITES;
    if (!set_protocols(context, extras, settings)) return COSSL_PART_MEMORY;
    if (!set_authorities(context, settings)) return COSSL_PART_AUTHORITIES;
    return COSSL_PART_NONE;
}

SSL_CTX *cossl_context_new(const struct cossl_settings *settings, uint32_t *part, struct cossl_error *error) {
    cossl_set_up();
    ERR_clear_error();
    *part = COSSL_PART_MEMORY;
    SSL_CTX *context = SSL_CTX_new(settings->is_client ? TLS_client_method() : TLS_server_method());
    if (context != NULL) {
        *part = set_all(context, settings);
        if (*part == COSSL_PART_NONE) return context;
    }
    cossl_take_error(NULL, error);
    SSL_CTX_free(context);
    return NULL;
}

void cossl_context_free(SSL_CTX *context) { SSL_CTX_free(context); }
