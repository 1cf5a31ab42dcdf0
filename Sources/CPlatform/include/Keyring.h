#pragma once

#include <stddef.h>
#include <stdint.h>

// Keys of type "user" in the kernel's keyring of this user (keyrings(7), user-keyring(7)), which no library of the
// C standard wraps. The kernel keeps them in memory of its own that is never swapped, for as long as the user is there,
// and shows them to no other user but root. Errors are errno's numbers, 0 for none: EPERM or ENOSYS where the kernel
// grants no keyrings, as in some containers, EDQUOT where the user has too many keys.

/// Puts `bytes` there under `description` for `seconds`, in place of what had that description. Every process of this
/// user may read, renew and revoke it, whatever session it belongs to. It appears whole, with its time-out, or not at all.
int coffer_keyring_put(const char *description, const void *bytes, size_t count, unsigned seconds);

/// Whether keys can be put there, by putting one there that says nothing, and ending it. Returns 0, or the error.
int coffer_keyring_probe(void);

/// Finds the key of that description. ENOKEY: there is none; EKEYEXPIRED, EKEYREVOKED: no longer.
int coffer_keyring_find(const char *description, int32_t *key);

/// Reads what the key holds, at most `count` bytes. Returns how many it has, or -1 with errno set.
long coffer_keyring_read(int32_t key, void *bytes, size_t count);

/// Has the key end `seconds` from now, not when it would have.
int coffer_keyring_renew(int32_t key, unsigned seconds);

/// Ends the key at once, for everyone.
int coffer_keyring_revoke(int32_t key);

/// Writes the keys of this user's keyring, of any type, at most `count`. Returns how many there are, or -1 with errno set.
long coffer_keyring_list(int32_t *keys, size_t count);

/// Writes what the kernel says of the key: "type;uid;gid;permissions;description". Returns its size with the zero byte,
/// of which at most `count` bytes were written, or -1 with errno set.
long coffer_keyring_describe(int32_t key, char *text, size_t count);
