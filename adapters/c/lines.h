/* Lines of JSON for adapters in C: reading requests, and writing replies and events. One thread writes. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A JSON value. `text` of a string ends in a NUL behind its `length` bytes. */
typedef struct json {
    char kind; /* { [ " 0 t f n */
    char *key, *text;
    size_t length;
    double number;
    struct json *first, *next;
} json;

static const char *at;

static void bad(void) { fprintf(stderr, "a request is not JSON\n"); exit(2); }
static void blank(void) { while (isspace((unsigned char)*at)) at++; }

static size_t put_utf8(char *to, unsigned code) {
    if (code < 0x80) { to[0] = code; return 1; }
    if (code < 0x800) { to[0] = 0xc0 | code >> 6; to[1] = 0x80 | (code & 63); return 2; }
    if (code < 0x10000) { to[0] = 0xe0 | code >> 12; to[1] = 0x80 | (code >> 6 & 63); to[2] = 0x80 | (code & 63); return 3; }
    to[0] = 0xf0 | code >> 18; to[1] = 0x80 | (code >> 12 & 63); to[2] = 0x80 | (code >> 6 & 63); to[3] = 0x80 | (code & 63);
    return 4;
}

static unsigned hex4(void) {
    char digits[5] = { 0 };
    strncpy(digits, at, 4);
    if (strlen(digits) < 4) bad();
    at += 4;
    return strtoul(digits, NULL, 16);
}

static char *string(size_t *length) {
    if (*at++ != '"') bad();
    char *made = malloc(strlen(at) + 1);
    size_t n = 0;
    while (*at && *at != '"') {
        if (*at != '\\') { made[n++] = *at++; continue; }
        char escape = at[1];
        at += 2;
        unsigned code;
        switch (escape) {
        case 'n': made[n++] = '\n'; break;
        case 'r': made[n++] = '\r'; break;
        case 't': made[n++] = '\t'; break;
        case 'b': made[n++] = '\b'; break;
        case 'f': made[n++] = '\f'; break;
        case 'u':
            code = hex4();
            if (code >= 0xd800 && code < 0xdc00 && at[0] == '\\' && at[1] == 'u') {
                at += 2;
                code = 0x10000 + ((code - 0xd800) << 10) + (hex4() - 0xdc00);
            }
            n += put_utf8(made + n, code);
            break;
        default: made[n++] = escape;
        }
    }
    if (*at++ != '"') bad();
    made[n] = 0;
    *length = n;
    return made;
}

static json *value(void) {
    json *made = calloc(1, sizeof *made), **end = &made->first;
    blank();
    made->kind = *at;
    if (*at == '{' || *at == '[') {
        char close = *at == '{' ? '}' : ']';
        at++;
        for (blank(); *at != close; blank()) {
            char *key = NULL;
            size_t length;
            if (close == '}') { key = string(&length); blank(); if (*at++ != ':') bad(); }
            *end = value();
            (*end)->key = key;
            end = &(*end)->next;
            blank();
            if (*at == ',') at++;
            else if (*at != close) bad();
        }
        at++;
    } else if (*at == '"') made->text = string(&made->length);
    else if (*at == 't' || *at == 'n') at += 4;
    else if (*at == 'f') at += 5;
    else {
        char *rest;
        made->kind = '0';
        made->number = strtod(at, &rest);
        if (rest == at) bad();
        at = rest;
    }
    return made;
}

static json *parse(const char *line) { at = line; return value(); }

static void forget(json *one) {
    if (!one) return;
    forget(one->first);
    forget(one->next);
    free(one->key);
    free(one->text);
    free(one);
}

static json *get(json *one, const char *key) {
    for (json *each = one ? one->first : NULL; each; each = each->next) if (!strcmp(each->key, key)) return each;
    return NULL;
}

static int integer(json *one, const char *key, int fallback) { json *found = get(one, key); return found ? (int)found->number : fallback; }
static bool is_true(json *one, const char *key) { json *found = get(one, key); return found && found->kind == 't'; }

/* Puts the bytes of { "hex": … } in its place, so that texts and bytes look the same. */
static json *octets(json *one) {
    json *hex = one && one->kind == '{' ? get(one, "hex") : NULL;
    if (!hex) return one;
    one->kind = '"';
    one->length = hex->length / 2;
    one->text = malloc(one->length + 1);
    for (size_t n = 0; n < one->length; n++) {
        unsigned byte = 0;
        sscanf(hex->text + 2 * n, "%2x", &byte);
        one->text[n] = byte;
    }
    one->text[one->length] = 0;
    return one;
}

/* The answer where the strings of a library can't hold what is asked for. */
static const char *NUL = "\"unsupported\":\"its strings end at a NUL\"";

static bool has_nul(json *text) { return text && strlen(text->text) != text->length; }

static bool is_utf8(const unsigned char *s, size_t n) {
    for (size_t i = 0; i < n;) {
        unsigned char c = s[i];
        size_t more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;
        if (more == 9 || i + more >= n) return false;
        if ((c == 0xe0 && s[i + 1] < 0xa0) || (c == 0xed && s[i + 1] > 0x9f)) return false;
        if ((c == 0xf0 && s[i + 1] < 0x90) || (c == 0xf4 && s[i + 1] > 0x8f)) return false;
        for (size_t k = 1; k <= more; k++) if ((s[i + k] & 0xc0) != 0x80) return false;
        i += more + 1;
    }
    return true;
}

/* Writes bytes as JSON: as text where they are UTF-8. */
static void write_octets(FILE *to, const void *bytes, size_t length) {
    const unsigned char *s = bytes;
    if (!is_utf8(s, length)) {
        fputs("{\"hex\":\"", to);
        for (size_t n = 0; n < length; n++) fprintf(to, "%02x", s[n]);
        fputs("\"}", to);
        return;
    }
    putc('"', to);
    for (size_t n = 0; n < length; n++) {
        if (s[n] == '"' || s[n] == '\\') fprintf(to, "\\%c", s[n]);
        else if (s[n] < 0x20 || s[n] == 0x7f) fprintf(to, "\\u%04x", s[n]);
        else putc(s[n], to);
    }
    putc('"', to);
}
