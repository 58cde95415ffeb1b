// OpenSSL as `TLSEngine` needs it: contexts from bytes, connections over the caller's memory, errors in words.
// OpenSSL's own headers stay out of here: most of what matters in them is macros, which Swift does not see.
#ifndef COPENSSL_H
#define COPENSSL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

// ---- errors ----

enum cossl_failure {
    COSSL_INTERNAL = 0,     // out of memory, or we called it wrongly
    COSSL_ALERT,            // the peer sent a fatal alert
    COSSL_CERTIFICATE,      // the peer's certificate is missing or not trusted
    COSSL_VIOLATION,        // the peer broke the protocol, or offers nothing that we speak
};

struct cossl_error {
    uint32_t kind;
    char reason[160];       // NUL-terminated; OpenSSL's words for the first error
};

// ---- session tickets ----

/// Three keys behind a lock: the newest encrypts, all decrypt. Counted references.
typedef struct cossl_tickets cossl_tickets;

enum { COSSL_TICKET_KEY_BYTES = 80 };  // name 16, AES-256 32, HMAC-SHA-256 32

/// NULL when memory is out.
cossl_tickets *cossl_tickets_new(const uint8_t *key);
void cossl_tickets_free(cossl_tickets *);
/// `key` encrypts from now on; the oldest of four is forgotten.
void cossl_tickets_rotate(cossl_tickets *, const uint8_t *key);

// ---- contexts ----

struct cossl_settings {
    bool is_client;
    int version_min;                // 0x0303: TLS 1.2, 0x0304: TLS 1.3
    int version_max;                // 0: the highest there is
    const char *ciphers;            // TLS 1.2, as SSL_CTX_set_cipher_list(3) has them
    const char *suites;             // TLS 1.3, as SSL_CTX_set_ciphersuites(3) has them
    const uint8_t *protocols;       // ALPN: each name after its length
    size_t protocol_count;
    const uint8_t *authorities;     // PEM, whom the peer's certificate must come from; NULL: nobody is asked for one
    size_t authority_count;
    bool requires_certificate;
    cossl_tickets *tickets;         // NULL: no resumption
};

/// Which part of the settings was refused.
enum cossl_part {
    COSSL_PART_NONE = 0,
    COSSL_PART_MEMORY,
    COSSL_PART_CIPHERS,
    COSSL_PART_SUITES,
    COSSL_PART_AUTHORITIES,
    COSSL_PART_CERTIFICATE,
    COSSL_PART_KEY,
    COSSL_PART_KEY_ENCRYPTED,
    COSSL_PART_KEY_MATCH,
    COSSL_PART_CHAIN,
};

/// NULL, with the part and OpenSSL's words for it, when a setting is refused.
SSL_CTX *cossl_context_new(const struct cossl_settings *, uint32_t *part, struct cossl_error *);
void cossl_context_free(SSL_CTX *);
/// A chain, the server's own certificate first, and its key; both PEM. A context takes one for each kind of key, and
/// answers by what the client can verify.
bool cossl_context_use(
    SSL_CTX *, const uint8_t *chain, size_t chain_count, const uint8_t *key, size_t key_count, uint32_t *part,
    struct cossl_error *);
/// Clients that name `name` are served by `other` from now on; `*.` stands for one label. Before the first
/// connection only.
bool cossl_context_add_name(SSL_CTX *, const char *name, SSL_CTX *other);

// ---- certificates ----

/// The DNS names of the context's certificate, a line each, in lower case; to be freed by cossl_free.
char *cossl_certificate_names(SSL_CTX *);
/// Seconds since 1970.
bool cossl_certificate_validity(SSL_CTX *, int64_t *from, int64_t *until);
bool cossl_certificate_sha256(SSL_CTX *, uint8_t digest[32]);
/// A number for the kind of the certificate's key: RSA, EC, Ed25519 and so on.
int cossl_certificate_kind(SSL_CTX *);

/// A fresh P-256 key and a certificate for `names` (host names and addresses, a line each) that it signs itself; both
/// PEM, to be freed by cossl_free.
bool cossl_self_signed(
    const char *names, int64_t from, int64_t until, char **chain, size_t *chain_count, char **key, size_t *key_count);
void cossl_free(void *);

// ---- connections ----

/// The caller's memory for one call.
struct cossl_transfer {
    const uint8_t *input;
    size_t input_count, input_used;
    uint8_t *output;
    size_t output_capacity, output_count;
};

enum cossl_result {
    COSSL_DONE = 0,
    COSSL_WANTS_INPUT,      // all input is used, and more is needed
    COSSL_WANTS_ROOM,       // the output is full: call again, with the same bytes, and room
    COSSL_ENDED,            // the peer's close_notify came
    COSSL_FAILED,           // the output may hold an alert for the peer
};

/// NULL when memory is out. `server_name`: for clients, the name that is sent and that the certificate must have.
SSL *cossl_connection_new(SSL_CTX *, bool is_client, const char *server_name);
void cossl_connection_free(SSL *);
/// For clients, before the handshake: goes on with an older connection's session. False when it cannot be read.
bool cossl_session_use(SSL *, const uint8_t *session, size_t count);
/// What another connection to the same server can go on with, to be freed by cossl_free; NULL: nothing yet. With
/// TLS 1.3 it comes behind the handshake.
uint8_t *cossl_session_copy(const SSL *, size_t *count);

uint32_t cossl_handshake(SSL *, struct cossl_transfer *, struct cossl_error *);
/// Fills `bytes` as far as the input goes; COSSL_DONE: `bytes` is full.
uint32_t cossl_decrypt(
    SSL *, struct cossl_transfer *, uint8_t *bytes, size_t capacity, size_t *count, struct cossl_error *);
uint32_t cossl_encrypt(
    SSL *, struct cossl_transfer *, const uint8_t *bytes, size_t count, size_t *taken, struct cossl_error *);
/// Our close_notify.
uint32_t cossl_finish(SSL *, struct cossl_transfer *, struct cossl_error *);
/// Decrypted bytes that were not fetched yet.
size_t cossl_pending(const SSL *);

// ---- what was agreed ----

bool cossl_is_resumed(const SSL *);
/// "TLSv1.3", "TLS_AES_128_GCM_SHA256": static strings.
const char *cossl_version(const SSL *);
const char *cossl_cipher(const SSL *);
/// The chosen protocol, not terminated; 0 when there is none.
size_t cossl_protocol(const SSL *, const uint8_t **name);
/// Subject of the peer's certificate as RFC 2253 writes it, to be freed by cossl_free; NULL when there is none.
char *cossl_peer_subject(const SSL *);

#endif
