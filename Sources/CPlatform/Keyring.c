#include "Keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// What a process of this user may do that does not possess the key, since its session's keyring has no link to the
// user's (an SSH session, a service of systemd's): see it, read it, find it, renew and revoke it. Others: nothing.
static const unsigned permissions = 0x3f000000 | 0x002b0000;

static int error_of(long result) {
    return result < 0 ? errno : 0;
}

int coffer_keyring_put(const char *description, const void *bytes, size_t count, unsigned seconds) {
    // At first in a keyring of this process alone, until it is as it shall be: linking it into the user's takes the
    // older one's place in the same step.
    long key = syscall(SYS_add_key, "user", description, bytes, count, KEY_SPEC_PROCESS_KEYRING);
    if (key < 0) return errno;
    int error = error_of(syscall(SYS_keyctl, KEYCTL_SETPERM, key, permissions));
    if (!error) error = coffer_keyring_renew(key, seconds);
    if (!error) error = error_of(syscall(SYS_keyctl, KEYCTL_LINK, key, KEY_SPEC_USER_KEYRING));
    if (error) syscall(SYS_keyctl, KEYCTL_REVOKE, key);
    syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_PROCESS_KEYRING);
    return error;
}

int coffer_keyring_probe(void) {
    static const char description[] = "coffer-probe";
    int32_t key;
    int error = coffer_keyring_put(description, "", 1, 60);
    if (!error) error = coffer_keyring_find(description, &key);
    // Another program may have probed, and ended, at the same moment.
    if (error == ENOKEY || error == EKEYREVOKED) return 0;
    return error ? error : coffer_keyring_revoke(key);
}

int coffer_keyring_find(const char *description, int32_t *key) {
    long found = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", description, 0);
    if (found < 0) return errno;
    *key = found;
    return 0;
}

long coffer_keyring_read(int32_t key, void *bytes, size_t count) {
    return syscall(SYS_keyctl, KEYCTL_READ, key, bytes, count);
}

int coffer_keyring_renew(int32_t key, unsigned seconds) {
    return error_of(syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, seconds));
}

int coffer_keyring_revoke(int32_t key) {
    int error = error_of(syscall(SYS_keyctl, KEYCTL_REVOKE, key));
    // What is revoked holds nothing; its name need not stay either.
    syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING);
    return error;
}

long coffer_keyring_list(int32_t *keys, size_t count) {
    long size = syscall(SYS_keyctl, KEYCTL_READ, KEY_SPEC_USER_KEYRING, keys, count * sizeof *keys);
    return size < 0 ? -1 : size / (long)sizeof *keys;
}

long coffer_keyring_describe(int32_t key, char *text, size_t count) {
    return syscall(SYS_keyctl, KEYCTL_DESCRIBE, key, text, count);
}
