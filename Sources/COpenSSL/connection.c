// A connection whose input and output are the caller's memory, for the time of one call.
#include "internal.h"

#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// ---- the BIO ----

static int read_input(BIO *bio, char *bytes, size_t count, size_t *moved) {
    struct cossl_transfer *transfer = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t left = transfer == NULL ? 0 : transfer->input_count - transfer->input_used;
    *moved = count < left ? count : left;
    if (*moved == 0) {
        BIO_set_retry_read(bio);
        return 0;
    }
    memcpy(bytes, transfer->input + transfer->input_used, *moved);
    transfer->input_used += *moved;
    return 1;
}

static int write_output(BIO *bio, const char *bytes, size_t count, size_t *moved) {
    struct cossl_transfer *transfer = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    size_t room = transfer == NULL ? 0 : transfer->output_capacity - transfer->output_count;
    *moved = count < room ? count : room;
    if (*moved == 0) {
        BIO_set_retry_write(bio);
        return 0;
    }
    memcpy(transfer->output + transfer->output_count, bytes, *moved);
    transfer->output_count += *moved;
    return 1;
}

static long control(BIO *bio, int command, long number, void *pointer) {
    (void)bio, (void)number, (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *method;

static void make_method(void) {
    BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "caller's memory");
    if (made == NULL) return;
    BIO_meth_set_read_ex(made, read_input);
    BIO_meth_set_write_ex(made, write_output);
    BIO_meth_set_ctrl(made, control);
    method = made;
}

// ---- life ----

static bool aim(SSL *ssl, const char *server_name) {
    if (server_name == NULL) return true;
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(server_name);
    if (address != NULL) {
        // RFC 6066 section 3: addresses are not sent.
        ASN1_OCTET_STRING_free(address);
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), server_name) == 1;
    }
    ERR_clear_error();
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(ssl, server_name) == 1 && SSL_set1_host(ssl, server_name) == 1;
}

SSL *cossl_connection_new(SSL_CTX *context, bool is_client, const char *server_name) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_method);
    ERR_clear_error();
    SSL *ssl = SSL_new(context);
    BIO *bio = method == NULL ? NULL : BIO_new(method);
    if (ssl == NULL || bio == NULL || !aim(ssl, server_name)) {
        BIO_free(bio);
        SSL_free(ssl);
        ERR_clear_error();
        return NULL;
    }
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    if (is_client) SSL_set_connect_state(ssl); else SSL_set_accept_state(ssl);
    return ssl;
}

void cossl_connection_free(SSL *ssl) { SSL_free(ssl); }

bool cossl_session_use(SSL *ssl, const uint8_t *bytes, size_t count) {
    const unsigned char *position = bytes;
    SSL_SESSION *session = d2i_SSL_SESSION(NULL, &position, count > LONG_MAX ? 0 : (long)count);
    bool is_used = session != NULL && SSL_set_session(ssl, session) == 1;
    SSL_SESSION_free(session);
    ERR_clear_error();
    return is_used;
}

uint8_t *cossl_session_copy(const SSL *ssl, size_t *count) {
    SSL_SESSION *session = SSL_get_session(ssl);
    if (session == NULL || !SSL_SESSION_is_resumable(session)) return NULL;
    unsigned char *bytes = NULL;
    int length = i2d_SSL_SESSION(session, NULL);
    if (length > 0) bytes = OPENSSL_malloc((size_t)length);
    if (bytes == NULL) return NULL;
    unsigned char *position = bytes;
    *count = (size_t)i2d_SSL_SESSION(session, &position);
    return bytes;
}

// ---- calls ----

static void begin(SSL *ssl, struct cossl_transfer *transfer) {
    ERR_clear_error();
    BIO_set_data(SSL_get_rbio(ssl), transfer);
}

static uint32_t finish(SSL *ssl, int result, struct cossl_error *error) {
    uint32_t answer;
    switch (SSL_get_error(ssl, result)) {
    case SSL_ERROR_NONE: answer = COSSL_DONE; break;
    case SSL_ERROR_WANT_READ: answer = COSSL_WANTS_INPUT; break;
    case SSL_ERROR_WANT_WRITE: answer = COSSL_WANTS_ROOM; break;
    case SSL_ERROR_ZERO_RETURN: answer = COSSL_ENDED; break;
    default:
        cossl_take_error(ssl, error);
        answer = COSSL_FAILED;
    }
    BIO_set_data(SSL_get_rbio(ssl), NULL);
    return answer;
}

uint32_t cossl_handshake(SSL *ssl, struct cossl_transfer *transfer, struct cossl_error *error) {
    begin(ssl, transfer);
    return finish(ssl, SSL_do_handshake(ssl), error);
}

uint32_t cossl_decrypt(
    SSL *ssl, struct cossl_transfer *transfer, uint8_t *bytes, size_t capacity, size_t *count,
    struct cossl_error *error) {
    begin(ssl, transfer);
    int result = 1;
    *count = 0;
    while (*count < capacity) {
        size_t moved = 0;
        result = SSL_read_ex(ssl, bytes + *count, capacity - *count, &moved);
        if (result != 1) break;
        *count += moved;
        // The next call would only find out that there is nothing more; it costs a fifth of a small message.
        if (transfer->input_used == transfer->input_count && !SSL_has_pending(ssl)) {
            BIO_set_data(SSL_get_rbio(ssl), NULL);
            return COSSL_WANTS_INPUT;
        }
    }
    return finish(ssl, result, error);
}

uint32_t cossl_encrypt(
    SSL *ssl, struct cossl_transfer *transfer, const uint8_t *bytes, size_t count, size_t *taken,
    struct cossl_error *error) {
    begin(ssl, transfer);
    int result = 1;
    *taken = 0;
    while (*taken < count) {
        size_t moved = 0;
        result = SSL_write_ex(ssl, bytes + *taken, count - *taken, &moved);
        if (result != 1) break;
        *taken += moved;
    }
    return finish(ssl, result, error);
}

uint32_t cossl_finish(SSL *ssl, struct cossl_transfer *transfer, struct cossl_error *error) {
    begin(ssl, transfer);
    int result = SSL_shutdown(ssl);
    // 0: sent, and the peer's is still to come.
    return finish(ssl, result == 0 ? 1 : result, error);
}

size_t cossl_pending(const SSL *ssl) { return (size_t)SSL_pending(ssl); }

// ---- what was agreed ----

bool cossl_is_resumed(const SSL *ssl) { return SSL_session_reused(ssl) == 1; }
const char *cossl_version(const SSL *ssl) { return SSL_get_version(ssl); }
const char *cossl_cipher(const SSL *ssl) { return SSL_CIPHER_standard_name(SSL_get_current_cipher(ssl)); }

size_t cossl_protocol(const SSL *ssl, const uint8_t **name) {
    unsigned int count = 0;
    SSL_get0_alpn_selected(ssl, name, &count);
    return count;
}

char *cossl_peer_subject(const SSL *ssl) {
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == NULL) return NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL) return NULL;
    char *text = NULL;
    if (X509_NAME_print_ex(memory, X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) >= 0) {
        char *start = NULL;
        long count = BIO_get_mem_data(memory, &start);
        text = OPENSSL_strndup(count > 0 ? start : "", count > 0 ? (size_t)count : 0);
    }
    BIO_free(memory);
    ERR_clear_error();
    return text;
}
