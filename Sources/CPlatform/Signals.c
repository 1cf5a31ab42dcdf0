#define _GNU_SOURCE

#include "CPlatform.h"
#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// SIGTSTP is the last, because it is caught only for a child with a terminal of its own.
static const int passed_on[] = {SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGINT, SIGTSTP};
enum { passed_on_count = sizeof passed_on / sizeof *passed_on };

static struct sigaction before[NSIG];
static char changed[NSIG];
static sigset_t blocked_before;

static int monitored;
static int has_terminal;
static int notice_pipe[2] = {-1, -1};
static atomic_int recipient = -1;
static atomic_uint undelivered;
static atomic_int continued;

// Whether there was somebody to pass the signal on to. A pidfd cannot mean a later process of the same id.
static int pass_on(int number) {
    if (monitored) {
        struct coffer_message order = {.kind = coffer_order_signal, .value = number};
        return send(recipient, &order, sizeof order, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 || errno != EPIPE;
    }
    struct pollfd ended = {.fd = recipient, .events = POLLIN};
    return poll(&ended, 1, 0) == 0 && syscall(SYS_pidfd_send_signal, recipient, number, NULL, 0) == 0;
}

static void deliver(void) {
    if (recipient < 0) return;
    unsigned numbers = atomic_exchange(&undelivered, 0);
    for (int number = 1; number < 32; number++) {
        if (!(numbers >> number & 1) || pass_on(number)) continue;
        // The child has ended, and we are held up writing what it left: then the signal is meant for us.
        coffer_restore_modes();
        signal(number, SIG_DFL);
        raise(number);
    }
}

// Passing on is done here, not by whoever reads the notices: that one may be blocked, writing to a pager.
static void handle(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    if (number == SIGWINCH || number == SIGCONT) {
        if (number == SIGCONT) continued = 1;
        unsigned char notice = (unsigned char)number;
        write(notice_pipe[1], &notice, 1);
    } else if (monitored || !(info->si_code == SI_KERNEL || (number == SIGINT && has_terminal))) {
        atomic_fetch_or(&undelivered, 1u << number);
        deliver();
    }
    errno = error;
}

static void change(int number, struct sigaction action) {
    sigaction(number, NULL, &before[number]);
    // Ignored by whoever started us, as nohup(1) does: so it stays, for us and for the child.
    if (before[number].sa_handler == SIG_IGN && number != SIGCHLD) return;
    changed[number] = 1;
    sigaction(number, &action, NULL);
}

int coffer_catch_signals(int for_monitor) {
    if (pipe2(notice_pipe, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    monitored = for_monitor;
    int terminal = monitored ? -1 : open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    has_terminal = terminal >= 0;
    if (has_terminal) close(terminal);

    struct sigaction catching = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigaction ignoring = {.sa_handler = SIG_IGN};
    for (int i = 0; i < passed_on_count - !monitored; i++) change(passed_on[i], catching);
    // Were it ignored, the kernel would keep no status of the child.
    change(SIGCHLD, (struct sigaction){.sa_handler = SIG_DFL});
    if (monitored) {
        change(SIGWINCH, catching);
        change(SIGCONT, catching);
        // In the background, reading from the terminal is an error rather than a stop at a moment not of our choice.
        change(SIGTTIN, ignoring);
        change(SIGTTOU, ignoring);
    }
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, &blocked_before);
    return notice_pipe[0];
}

void coffer_pass_signals_to(int descriptor) {
    recipient = descriptor;
    deliver();
}

void restore_dispositions(void) {
    for (int number = 1; number < NSIG; number++) {
        if (changed[number]) sigaction(number, &before[number], NULL);
    }
}

void coffer_release_signals(void) {
    if (notice_pipe[0] < 0) return;
    restore_dispositions();
    for (int number = 1; number < NSIG; number++) changed[number] = 0;
    pthread_sigmask(SIG_SETMASK, &blocked_before, NULL);
    recipient = -1;
    for (int end = 0; end < 2; end++) {
        close(notice_pipe[end]);
        notice_pipe[end] = -1;
    }
}

int coffer_stop(int number) {
    struct sigaction caught, action = {.sa_handler = SIG_IGN};
    continued = 0;
    // The others of our group first: a script that waits for us, so that its shell sees the job stop. SIGSTOP cannot be
    // kept from ourselves meanwhile, and was meant for one process anyway.
    if (number != SIGSTOP) {
        sigaction(number, &action, &caught);
        kill(0, number);
        action.sa_handler = SIG_DFL;
        sigaction(number, &action, NULL);
    }
    // Sent to this thread, so that it does not run on until another has taken the signal.
    raise(number);
    if (number != SIGSTOP) sigaction(number, &caught, NULL);
    // Another thread may be the one that handles SIGCONT.
    for (int i = 0; i < 20 && !continued; i++) nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return continued;
}
