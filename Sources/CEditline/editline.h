// libedit's settings go through variadic functions, which Swift cannot call: one typed wrapper each.
#pragma once
#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>

typedef char *(*editline_prompt_fn)(EditLine *);
typedef unsigned char (*editline_key_fn)(EditLine *, int);
typedef int (*editline_read_fn)(EditLine *, wchar_t *);

static inline EditLine *editline_open(const char *program) {
  return el_init(program, stdin, stdout, stderr);
}

static inline int editline_set_client(EditLine *e, void *client) {
  return el_set(e, EL_CLIENTDATA, client);
}

static inline void *editline_client(EditLine *e) {
  void *client = NULL;
  el_get(e, EL_CLIENTDATA, &client);
  return client;
}

static inline int editline_set_int(EditLine *e, int what, int value) {
  return el_set(e, what, value);
}

static inline int editline_set_string(EditLine *e, int what, const char *value) {
  return el_set(e, what, value);
}

static inline int editline_uses_vi(EditLine *e) {
  const char *editor = NULL;
  return el_get(e, EL_EDITOR, &editor) == 0 && editor != NULL && editor[0] == 'v';
}

// Text between two `escape` characters takes no room on the screen.
static inline int editline_set_prompt(EditLine *e, editline_prompt_fn prompt, char escape) {
  return el_set(e, EL_PROMPT_ESC, prompt, escape);
}

static inline int editline_set_read(EditLine *e, editline_read_fn read) {
  return el_set(e, EL_GETCFN, read);
}

static inline int editline_bind(EditLine *e, const char *key, const char *command) {
  return el_set(e, EL_BIND, key, command, NULL);
}

static inline int editline_add_command(
    EditLine *e, const char *name, const char *help, editline_key_fn run) {
  return el_set(e, EL_ADDFN, name, help, run);
}

static inline int editline_refresh(EditLine *e) { return el_set(e, EL_REFRESH); }

static inline int editline_set_history(EditLine *e, History *h) {
  return el_set(e, EL_HIST, history, h);
}

static inline int editline_history_int(History *h, int what, int value) {
  HistEvent event;
  return history(h, &event, what, value);
}

static inline int editline_history_enter(History *h, const char *entry) {
  HistEvent event;
  return history(h, &event, H_ENTER, entry);
}

// Waits until there is something to read, or a signal that `awake` lets through came (-1, EINTR).
static inline int editline_wait(int descriptor, const sigset_t *awake) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(descriptor, &set);
  return pselect(descriptor + 1, &set, NULL, NULL, NULL, awake);
}
