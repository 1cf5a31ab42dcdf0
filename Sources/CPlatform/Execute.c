// As execvp(3), but along the PATH that the program will have, as env(1) does.

#define _GNU_SOURCE

#include "CPlatform.h"
#include "Internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char *search_path(char *const *environment) {
    for (; *environment; environment++) {
        if (strncmp(*environment, "PATH=", 5) == 0) return *environment + 5;
    }
    return "/bin:/usr/bin";
}

// A file without a format that the kernel knows is a script without "#!", and for the shell, as POSIX has it.
static void execute_script(const char *file, char *const *arguments, char *const *environment) {
    int count = 0;
    while (arguments[count]) count++;
    const char *script[count + 2];
    script[0] = "/bin/sh";
    script[1] = file;
    // Along with the null pointer at the end.
    memcpy(script + 2, arguments + 1, (size_t)count * sizeof *script);
    execve(script[0], (char *const *)script, environment);
}

static int execute_file(const char *file, char *const *arguments, char *const *environment) {
    execve(file, arguments, environment);
    if (errno == ENOEXEC) execute_script(file, arguments, environment);
    return errno;
}

// Whether the search goes on after this error, as glibc has it.
static int goes_on(int error) {
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ESTALE || error == ENODEV
        || error == ETIMEDOUT;
}

int coffer_execute(char *const *arguments, char *const *environment) {
    restore_inheritance();
    const char *name = arguments[0];
    if (!name || !*name) return ENOENT;
    if (strchr(name, '/')) return execute_file(name, arguments, environment);
    size_t length = strlen(name);
    if (length > NAME_MAX) return ENAMETOOLONG;
    int denied = 0;
    const char *folder = search_path(environment);
    for (;;) {
        const char *end = strchrnul(folder, ':');
        size_t count = (size_t)(end - folder);
        char file[PATH_MAX + NAME_MAX + 2];
        if (count < PATH_MAX) {
            memcpy(file, folder, count);
            // An empty folder is the working directory.
            if (count) file[count++] = '/';
            memcpy(file + count, name, length + 1);
            int error = execute_file(file, arguments, environment);
            if (!goes_on(error)) return error;
            denied |= error == EACCES;
        }
        if (!*end) return denied ? EACCES : ENOENT;
        folder = end + 1;
    }
}
