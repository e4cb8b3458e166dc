// The part of ncurses that Swift cannot see by itself: macros and shared variables.
#pragma once

#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1

#include <ncurses.h>
#include <wchar.h>

/// The attributes of a cell.
static const attr_t curses_bold = A_BOLD;
static const attr_t curses_dim = A_DIM;
static const attr_t curses_reverse = A_REVERSE;
static const attr_t curses_underline = A_UNDERLINE;
/// Looks like nothing on the terminals of today.
static const attr_t curses_protect = A_PROTECT;

/// How many columns the C library gives a character in the current locale; ncurses counts on it.
int wcwidth(wchar_t character);
static inline int curses_width(wchar_t character) { return wcwidth(character); }

/// How many colours the terminal has, once `start_color` was called.
static inline int curses_colors(void) { return COLORS; }

/// A file in memory alone, for the screen that ncurses draws; below 0 when there is none to be had.
int memfd_create(const char *name, unsigned int flags);
static inline int curses_memory_file(void) { return memfd_create("screen", 1 /* closed in programs that this one starts */); }

/// Reads a terminal's description.
struct term;
int setupterm(const char *type, int descriptor, int *error);
char *tigetstr(const char *capability);
struct term *set_curterm(struct term *terminal);
int del_curterm(struct term *terminal);

/// Whether a type of terminal is described here, and has a capability, if one is asked for.
static inline bool curses_describes(const char *type, const char *capability) {
    int error = 0;
    if (setupterm(type, -1, &error) != OK) return false;
    const char *value = capability ? tigetstr(capability) : "";
    del_curterm(set_curterm(NULL));
    return value != NULL && value != (const char *)-1;
}
