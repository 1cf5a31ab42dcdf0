#define _GNU_SOURCE

#include "CPlatform.h"
#include "Internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Where the monitor keeps the little that it has open, once the command has been given its own.
enum { control, session_terminal, child_signals };

static void report(int socket, int kind, int value) {
    struct coffer_message message = {.kind = kind, .value = value};
    send(socket, &message, sizeof message, MSG_NOSIGNAL);
}

static void report_changes(pid_t command) {
    struct signalfd_siginfo ignored;
    read(child_signals, &ignored, sizeof ignored);
    int status;
    while (waitpid(command, &status, WNOHANG | WUNTRACED) > 0) {
        if (WIFSTOPPED(status)) {
            report(control, coffer_report_stopped, WSTOPSIG(status));
            continue;
        }
        // The kernel hangs up the foreground group when the session's leader ends. That is now the monitor's own, so
        // that what the command leaves running goes on.
        tcsetpgrp(session_terminal, getpgrp());
        report(control, coffer_report_ended, status);
        _exit(0);
    }
}

static void obey(pid_t command) {
    struct coffer_message order;
    if (recv(control, &order, sizeof order, 0) != sizeof order) {
        kill(-command, SIGHUP);
        kill(-command, SIGCONT);
        _exit(0);
    }
    if (order.kind == coffer_order_signal) {
        kill(-command, order.value);
        // What is to end the command ends it also where it stands still, as the kernel does when a terminal hangs up.
        if (order.value == SIGTERM || order.value == SIGHUP) kill(-command, SIGCONT);
    }
    if (order.kind == coffer_order_continue) {
        tcsetpgrp(session_terminal, order.value ? command : getpgrp());
        kill(-command, SIGCONT);
    }
}

static _Noreturn void monitor(
    char *const *arguments, char *const *environment, const int streams[3], int terminal, int foreground, int socket
) {
    // Every signal stays blocked, for good: what ends a monitor is its command or its socket.
    signal(SIGCHLD, SIG_DFL);
    setsid();
    ioctl(terminal, TIOCSCTTY, 0);
    pid_t command;
    struct placement placement = {.own_group = 1, .terminal = foreground ? terminal : -1};
    int error = start_program(arguments, environment, streams, placement, &command);
    if (error) {
        report(socket, coffer_report_failed, error);
        _exit(0);
    }
    // The command has a copy of its own; this one would be neither locked nor wiped.
    for (char *const *variable = environment; *variable; variable++) explicit_bzero(*variable, strlen(*variable));
    sigset_t ended;
    sigemptyset(&ended);
    sigaddset(&ended, SIGCHLD);
    dup2(signalfd(-1, &ended, 0), child_signals);
    dup2(socket, control);
    dup2(terminal, session_terminal);
    // Nobody waits for a pipe's end, or for the terminal's, because of a copy here.
    syscall(SYS_close_range, 3, UINT_MAX, 0);
    struct pollfd events[] = {{.fd = control, .events = POLLIN}, {.fd = child_signals, .events = POLLIN}};
    // What has changed before there was a descriptor to tell it is pending, and told at once.
    for (;;) {
        poll(events, 2, -1);
        if (events[1].revents) report_changes(command);
        if (events[0].revents) obey(command);
    }
}

int coffer_spawn_monitored(
    char *const *arguments, char *const *environment, const int streams[3], int terminal, int foreground,
    pid_t *process, int *socket
) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    *process = fork();
    if (*process == 0) {
        close(ends[0]);
        monitor(arguments, environment, streams, terminal, foreground, ends[1]);
    }
    int error = *process < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (error) close(ends[0]);
    *socket = ends[0];
    return error;
}
