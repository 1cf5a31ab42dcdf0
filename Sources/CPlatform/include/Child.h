#pragma once

#include <stdint.h>
#include <sys/types.h>

// What a program that starts tasks needs from the kernel. Errors are errno's numbers, 0 for none. The parts that run
// between fork(2) and exec(2) call nothing but async-signal-safe functions: the caller may have other threads.

// MARK: Inheritance.c

/// Takes over, at the very start of the program, what it inherits and needs otherwise, and remembers it for the tasks:
/// SIGPIPE becomes ignored, new files private (umask 077), core dumps none. Closed standard descriptors become
/// /dev/null, so that no file of ours can be taken for one.
void coffer_adjust_inheritance(void);

/// The largest core dump, in bytes, that tasks may leave: the limit that coffer_adjust_inheritance() took and gives back.
uint64_t coffer_inherited_core_limit(void);

/// The program's environment, which Swift does not let one read. (environ(7))
char **coffer_environment(void);

// MARK: Execute.c

/// Gives back what coffer_adjust_inheritance() took, and becomes the program `arguments[0]`, found along the PATH of
/// `environment` as execvp(3) does. Returns only when that fails, with the error.
int coffer_execute(char *const *arguments, char *const *environment);

// MARK: Spawn.c

/// Starts a program as coffer_execute() does. The descriptors, where not -1, become its standard input, output and
/// error. Returns 0, its id, and a descriptor for it that is readable once it has ended (pidfd_open(2), Linux 5.3,
/// close-on-exec); or the error, and nothing runs.
int coffer_spawn(
    char *const *arguments, char *const *environment, const int streams[3], pid_t *child, int *descriptor);

/// Opens a pipe, close-on-exec, that holds `byte_count` bytes if the kernel grants it; 0: as many as usual. Returns 0, or
/// -1 with errno set.
int coffer_open_pipe(int ends[2], int byte_count);

// MARK: Monitor.c

/// What a monitor reports, and what it is ordered.
struct coffer_message {
    int32_t kind;
    int32_t value;
};

enum {
    /// The command could not be started; the value is the error. Nothing follows.
    coffer_report_failed = 1,
    /// The command was stopped by the signal of the value.
    coffer_report_stopped,
    /// The command has ended; the value is its status as wait(2) has it. Nothing follows.
    coffer_report_ended,
    /// Send the command's process group the signal of the value.
    coffer_order_signal,
    /// Continue the command, in the foreground of its terminal when the value is 1, else in the background.
    coffer_order_continue,
};

/// Starts a program as coffer_spawn() does, but in a new session with the terminal `terminal`, under a monitor.
///
/// The monitor leads the session. Without it, the command's process group would have no parent in its own session: it
/// would be orphaned, and the kernel would not let Ctrl-Z stop it (POSIX.1-2017, 3.287; sudo's use_pty does likewise).
/// Messages go over `socket`, a SOCK_SEQPACKET socket; when its other end closes, the monitor hangs up and ends.
/// Returns 0, the monitor's id and the socket.
int coffer_spawn_monitored(
    char *const *arguments, char *const *environment, const int streams[3], int terminal, int foreground,
    pid_t *monitor, int *socket);

// MARK: Signals.c

/// Catches the signals that concern a child, from before it is started. Each that was ignored until now stays ignored.
///
/// `monitored`: the child has a terminal of its own, so that it cannot have got what the kernel sends to our process
/// group, and everything is passed on. Else it is of our group, and what the terminal sends reaches it without us.
/// Returns a descriptor from which the numbers of the other signals can be read, one byte each (SIGWINCH, SIGCONT);
/// or -1 with errno set.
int coffer_catch_signals(int monitored);

/// Names whom signals are passed on to: the socket of a monitor, else a descriptor for the process. What has arrived
/// since coffer_catch_signals() is passed on at once.
void coffer_pass_signals_to(int descriptor);

/// Ends what coffer_catch_signals() began, if it did: signals do again what they did before.
void coffer_release_signals(void);

/// Stops this process and its process group with the signal `number`, as the terminal would have. Returns 1 when it has
/// been continued, 0 when the kernel did not stop it, since nobody could have continued it (an orphaned group).
int coffer_stop(int number);

// MARK: Terminal.c

/// Opens a new terminal, the controlling side non-blocking, both close-on-exec. Returns 0, or -1 with errno set.
int coffer_open_terminal(int *control, int *terminal);

/// Makes the terminal raw until coffer_restore_modes(), or until the program crashes. Returns 0, or -1 with errno set.
int coffer_make_raw(int terminal);

/// Undoes coffer_make_raw(), if it was called. Async-signal-safe.
void coffer_restore_modes(void);

/// Gives the terminal `to` the modes of the terminal `from`.
void coffer_copy_modes(int from, int to);

/// Gives the terminal `to` the window size of the terminal `from`.
void coffer_copy_window_size(int from, int to);
