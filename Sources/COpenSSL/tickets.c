// Session tickets (RFC 5077, RFC 8446 section 4.6.1) under keys that all workers share and that change while they run.
#include "internal.h"

#include <pthread.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

enum { KEYS_MAX = 3, NAME_BYTES = 16, CIPHER_BYTES = 32, MAC_BYTES = 32, IV_BYTES = 16 };

struct cossl_tickets {
    pthread_rwlock_t lock;
    int references;
    int count;
    uint8_t keys[KEYS_MAX][COSSL_TICKET_KEY_BYTES];  // newest first
};

cossl_tickets *cossl_tickets_new(const uint8_t *key) {
    cossl_tickets *tickets = OPENSSL_zalloc(sizeof *tickets);
    if (tickets == NULL) return NULL;
    if (pthread_rwlock_init(&tickets->lock, NULL) != 0) {
        OPENSSL_free(tickets);
        return NULL;
    }
    tickets->references = 1;
    tickets->count = 1;
    memcpy(tickets->keys[0], key, COSSL_TICKET_KEY_BYTES);
    return tickets;
}

void cossl_tickets_free(cossl_tickets *tickets) {
    if (tickets == NULL || __atomic_sub_fetch(&tickets->references, 1, __ATOMIC_ACQ_REL) > 0) return;
    pthread_rwlock_destroy(&tickets->lock);
    OPENSSL_clear_free(tickets, sizeof *tickets);
}

void cossl_tickets_rotate(cossl_tickets *tickets, const uint8_t *key) {
    pthread_rwlock_wrlock(&tickets->lock);
    memmove(tickets->keys[1], tickets->keys[0], (KEYS_MAX - 1) * COSSL_TICKET_KEY_BYTES);
    memcpy(tickets->keys[0], key, COSSL_TICKET_KEY_BYTES);
    if (tickets->count < KEYS_MAX) tickets->count += 1;
    pthread_rwlock_unlock(&tickets->lock);
}

static bool copy_newest(cossl_tickets *tickets, uint8_t *key) {
    pthread_rwlock_rdlock(&tickets->lock);
    memcpy(key, tickets->keys[0], COSSL_TICKET_KEY_BYTES);
    pthread_rwlock_unlock(&tickets->lock);
    return true;
}

static bool copy_named(cossl_tickets *tickets, const uint8_t *name, uint8_t *key, bool *is_newest) {
    bool found = false;
    pthread_rwlock_rdlock(&tickets->lock);
    for (int i = 0; i < tickets->count && !found; i++) {
        if (memcmp(tickets->keys[i], name, NAME_BYTES) != 0) continue;
        memcpy(key, tickets->keys[i], COSSL_TICKET_KEY_BYTES);
        *is_newest = i == 0;
        found = true;
    }
    pthread_rwlock_unlock(&tickets->lock);
    return found;
}

static int index_of_tickets = -1;

static void forget(void *parent, void *pointer, CRYPTO_EX_DATA *data, int index, long number, void *argument) {
    (void)parent, (void)data, (void)index, (void)number, (void)argument;
    cossl_tickets_free(pointer);
}

static void make_index(void) { index_of_tickets = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, forget); }

static bool set_mac(EVP_MAC_CTX *mac, uint8_t *key) {
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key + NAME_BYTES + CIPHER_BYTES, MAC_BYTES),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    return EVP_MAC_CTX_set_params(mac, parameters) == 1;
}

// SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 1 use, 2 use and renew, 0 no such key, -1 failure.
static int use_key(
    SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int encrypts) {
    cossl_tickets *tickets = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), index_of_tickets);
    if (tickets == NULL) return 0;
    uint8_t key[COSSL_TICKET_KEY_BYTES];
    bool is_newest = true;
    int answer = -1;
    if (encrypts) {
        copy_newest(tickets, key);
        memcpy(name, key, NAME_BYTES);
        if (RAND_bytes(iv, IV_BYTES) == 1
            && EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key + NAME_BYTES, iv) == 1 && set_mac(mac, key)) {
            answer = 1;
        }
    } else if (!copy_named(tickets, name, key, &is_newest)) {
        return 0;
    } else if (
        EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key + NAME_BYTES, iv) == 1 && set_mac(mac, key)) {
        // TLS 1.3 clients use a ticket once: without a new one their next connection would be a full handshake.
        answer = is_newest && SSL_version(ssl) < TLS1_3_VERSION ? 1 : 2;
    }
    OPENSSL_cleanse(key, sizeof key);
    return answer;
}

bool cossl_tickets_install(cossl_tickets *tickets, SSL_CTX *context) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_index);
    if (index_of_tickets < 0 || SSL_CTX_set_ex_data(context, index_of_tickets, tickets) != 1) return false;
    __atomic_add_fetch(&tickets->references, 1, __ATOMIC_ACQ_REL);
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, use_key) == 1;
}
