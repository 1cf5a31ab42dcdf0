// Not posix_spawn(3): it searches the parent's PATH, and cannot make a process group the foreground of a terminal.

#define _GNU_SOURCE

#include "CPlatform.h"
#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int start_program(
    char *const *arguments, char *const *environment, const int streams[3], struct placement placement, pid_t *child
) {
    // No handler of ours may run in the child, which shares our memory until it has become another program; and
    // tcsetpgrp(3) by a background process must not stop it.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    volatile int failure = 0;
    // vfork(2) copies no page tables and no secrets, and returns after exec(2), so that its error can simply be left.
    *child = vfork();
    if (*child == 0) {
        if (placement.own_group) setpgid(0, 0);
        if (placement.terminal >= 0) tcsetpgrp(placement.terminal, getpid());
        for (int number = 0; number < 3; number++) {
            if (streams[number] >= 0) dup2(streams[number], number);
        }
        restore_dispositions();
        failure = coffer_execute(arguments, environment);
        _exit(127);
    }
    if (*child < 0) failure = errno;
    else if (failure) waitpid(*child, NULL, 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

int coffer_spawn(
    char *const *arguments, char *const *environment, const int streams[3], pid_t *child, int *descriptor
) {
    struct placement beside_us = {.own_group = 0, .terminal = -1};
    int error = start_program(arguments, environment, streams, beside_us, child);
    if (error) return error;
    *descriptor = (int)syscall(SYS_pidfd_open, *child, 0);
    if (*descriptor >= 0) return 0;
    error = errno;
    // Nobody could attend to it.
    kill(*child, SIGTERM);
    waitpid(*child, NULL, 0);
    return error;
}

int coffer_open_pipe(int ends[2], int byte_count) {
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    // A smaller one does as well, more slowly.
    if (byte_count > 0) fcntl(ends[0], F_SETPIPE_SZ, byte_count);
    return 0;
}
