/* Drives libmosquitto by attest's adapter protocol: a line of JSON each way, in one thread. */
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "properties.h"

/* A client that attest has named, and the packet identifiers that it was given. */
typedef struct one {
    char *name, *id;
    bool clean, ended;
    int protocol;
    struct mosquitto *library;
    unsigned char given[65536];
    struct one *next;
} one;

static one *clients;
/* What callbacks tell while a request is carried out stands behind its reply. */
static FILE *told;
static char *told_text;
static size_t told_size;
static char reply[512];
/* The client that is being asked: what it tells meanwhile is of the identifier that the reply will have. */
static one *asked;
/* The library closes descriptor 0 when it refuses a client id, so requests are read from another. */
static int input;

static void tell(one *who, const char *on) {
    fprintf(told, "{\"on\":\"%s\",\"client\":", on);
    write_octets(told, who->name, strlen(who->name));
}

static bool tell_of(one *who, const char *on, int mid) {
    if (who != asked && !who->given[mid & 0xffff]) return false;
    tell(who, on);
    fprintf(told, ",\"token\":%d", mid);
    return true;
}

static void on_connect(struct mosquitto *m, void *data, int rc, int flags, const mosquitto_property *made) {
    one *who = data;
    (void)m;
    tell(who, rc == 0 ? "connected" : "notConnected");
    if (rc == 0) fprintf(told, ",\"sessionPresent\":%s", flags & 1 ? "true" : "false");
    fprintf(told, ",\"reason\":%d", rc);
    tell_properties(told, made);
    fputs("}\n", told);
}

static void on_disconnect(struct mosquitto *m, void *data, int rc, const mosquitto_property *made) {
    one *who = data;
    (void)m;
    tell(who, who->ended ? "disconnected" : "lost");
    /* Its own errors are below 0x80, and those of a DISCONNECT of the broker are not. */
    if (!who->ended && rc >= 0x80) { fprintf(told, ",\"reason\":%d", rc); tell_properties(told, made); }
    fputs("}\n", told);
}

static void on_publish(struct mosquitto *m, void *data, int mid, int reason, const mosquitto_property *made) {
    (void)m;
    if (!tell_of(data, "published", mid)) return;
    fprintf(told, ",\"reason\":%d", reason);
    tell_properties(told, made);
    fputs("}\n", told);
}

static void on_subscribe(struct mosquitto *m, void *data, int mid, int count, const int *codes, const mosquitto_property *made) {
    (void)m;
    if (!tell_of(data, "subscribed", mid)) return;
    fputs(",\"reasons\":[", told);
    for (int n = 0; n < count; n++) fprintf(told, "%s%d", n ? "," : "", codes[n]);
    fputs("]", told);
    tell_properties(told, made);
    fputs("}\n", told);
}

static void on_unsubscribe(struct mosquitto *m, void *data, int mid, const mosquitto_property *made) {
    (void)m;
    if (!tell_of(data, "unsubscribed", mid)) return;
    tell_properties(told, made);
    fputs("}\n", told);
}

static void on_message(struct mosquitto *m, void *data, const struct mosquitto_message *message, const mosquitto_property *made) {
    (void)m;
    tell(data, "message");
    fputs(",\"topic\":", told);
    write_octets(told, message->topic, strlen(message->topic));
    fputs(",\"payload\":", told);
    write_octets(told, message->payload, message->payloadlen);
    fprintf(told, ",\"qos\":%d,\"retain\":%s", message->qos, message->retain ? "true" : "false");
    tell_properties(told, made);
    fputs("}\n", told);
}

static const char *refuse(int rc) { snprintf(reply, sizeof reply, "\"refused\":\"%s\"", mosquitto_strerror(rc)); return reply; }
static const char *taken(int rc) { return rc == MOSQ_ERR_SUCCESS ? "\"ok\":true" : refuse(rc); }
static const char *with_token(one *who, int rc, int mid) {
    if (rc != MOSQ_ERR_SUCCESS) return refuse(rc);
    who->given[mid & 0xffff] = 1;
    snprintf(reply, sizeof reply, "\"ok\":true,\"token\":%d", mid);
    return reply;
}

static one *found(json *name) {
    for (one *who = clients; who; who = who->next) if (!strcmp(who->name, name->text)) return who;
    return NULL;
}

static const char *do_connect(json *request) {
    json *id = octets(get(request, "clientId")), *user = octets(get(request, "userName")), *password = octets(get(request, "password"));
    json *will = get(request, "will");
    const char *version = get(request, "protocol")->text;
    int protocol = !strcmp(version, "5.0") ? MQTT_PROTOCOL_V5 : !strcmp(version, "3.1") ? MQTT_PROTOCOL_V31 : MQTT_PROTOCOL_V311;
    bool clean = is_true(request, "cleanStart"), wrong = false;
    if (has_nul(id) || has_nul(user) || has_nul(password)) return NUL;
    one *who = found(get(request, "client"));
    if (who && (who->clean != clean || strcmp(who->id, id->text) || who->protocol != protocol)) {
        mosquitto_destroy(who->library);
        who->library = NULL;
    }
    if (!who) {
        who = calloc(1, sizeof *who);
        who->name = strdup(get(request, "client")->text);
        who->next = clients;
        clients = who;
    }
    if (!who->library) {
        who->library = mosquitto_new(id->length ? id->text : NULL, clean, who);
        if (!who->library) return "\"refused\":\"mosquitto_new() gave no client\"";
        free(who->id);
        who->id = strdup(id->text);
        who->clean = clean;
        who->protocol = protocol;
        mosquitto_int_option(who->library, MOSQ_OPT_PROTOCOL_VERSION, protocol);
        mosquitto_connect_v5_callback_set(who->library, on_connect);
        mosquitto_disconnect_v5_callback_set(who->library, on_disconnect);
        mosquitto_publish_v5_callback_set(who->library, on_publish);
        mosquitto_subscribe_v5_callback_set(who->library, on_subscribe);
        mosquitto_unsubscribe_v5_callback_set(who->library, on_unsubscribe);
        mosquitto_message_v5_callback_set(who->library, on_message);
    }
    int rc = mosquitto_username_pw_set(who->library, user ? user->text : NULL, password ? password->text : NULL);
    if (rc) return refuse(rc);
    if (get(request, "ca")) rc = mosquitto_tls_set(who->library, get(request, "ca")->text, NULL, NULL, NULL, NULL);
    if (rc) return refuse(rc);
    mosquitto_will_clear(who->library);
    if (will) {
        json *topic = octets(get(will, "topic")), *payload = octets(get(will, "payload"));
        if (has_nul(topic)) return NUL;
        rc = mosquitto_will_set_v5(who->library, topic->text, payload->length, payload->text, integer(will, "qos", 0), is_true(will, "retain"), properties(will, &wrong));
        if (rc) return refuse(rc);
    }
    mosquitto_property *made = properties(request, &wrong);
    if (wrong) return refuse(MOSQ_ERR_INVAL);
    who->ended = false;
    rc = mosquitto_connect_bind_v5(who->library, get(request, "server")->text, integer(request, "port", 0), integer(request, "keepAlive", 0), NULL, made);
    mosquitto_property_free_all(&made);
    int seconds = integer(request, "keepAlive", 0);
    if (rc == MOSQ_ERR_INVAL && seconds > 0 && seconds < 5) return "\"unsupported\":\"it takes no keep alive from 1 to 4 s\"";
    return taken(rc);
}

static const char *do_reset(void) {
    while (clients) {
        one *who = clients;
        clients = who->next;
        mosquitto_destroy(who->library);
        free(who->name);
        free(who->id);
        free(who);
    }
    return "\"ok\":true";
}

static const char *answer(json *request) {
    const char *what = get(request, "do")->text;
    int mid = 0, rc;
    bool wrong = false;
    if (!strcmp(what, "connect")) return do_connect(request);
    if (!strcmp(what, "reset")) return do_reset();
    one *who = get(request, "client") ? found(get(request, "client")) : NULL;
    if (!who || !who->library) return "\"refused\":\"this client has never connected\"";
    if (!strcmp(what, "cut")) { shutdown(mosquitto_socket(who->library), SHUT_RDWR); return "\"ok\":true"; }
    mosquitto_property *made = properties(request, &wrong);
    if (wrong) return refuse(MOSQ_ERR_INVAL);
    const char *said;
    asked = who;
    if (!strcmp(what, "publish")) {
        json *topic = octets(get(request, "topic")), *payload = octets(get(request, "payload"));
        if (has_nul(topic)) return asked = NULL, NUL;
        rc = mosquitto_publish_v5(who->library, &mid, topic->text, payload->length, payload->text, integer(request, "qos", 0), is_true(request, "retain"), made);
        /* At QoS 1 and 2 the library keeps the message until there is a connection. */
        if (rc == MOSQ_ERR_NO_CONN && integer(request, "qos", 0) > 0) rc = MOSQ_ERR_SUCCESS;
        said = with_token(who, rc, mid);
    } else if (!strcmp(what, "subscribe")) {
        json *only = get(request, "filters")->first, *filter = only ? octets(get(only, "filter")) : NULL;
        if (!only || only->next) return asked = NULL, "\"unsupported\":\"this adapter takes one filter\"";
        if (has_nul(filter)) return asked = NULL, NUL;
        int options = integer(only, "retainHandling", 0) << 4 | is_true(only, "retainAsPublished") << 3 | is_true(only, "noLocal") << 2;
        rc = mosquitto_subscribe_v5(who->library, &mid, filter->text, integer(only, "qos", 0), options, made);
        said = with_token(who, rc, mid);
    } else if (!strcmp(what, "unsubscribe")) {
        json *filter = octets(get(request, "filters")->first);
        if (!filter || filter->next) return asked = NULL, "\"unsupported\":\"this adapter takes one filter\"";
        if (has_nul(filter)) return asked = NULL, NUL;
        rc = mosquitto_unsubscribe_v5(who->library, &mid, filter->text, made);
        said = with_token(who, rc, mid);
    } else if (!strcmp(what, "disconnect")) {
        who->ended = true;
        said = taken(mosquitto_disconnect_v5(who->library, integer(request, "reason", 0), made));
    } else said = "\"unsupported\":\"there is no such request\"";
    asked = NULL;
    mosquitto_property_free_all(&made);
    return said;
}

static void flush_told(void) {
    fflush(told);
    if (told_size > 0) fwrite(told_text, 1, told_size, stdout);
    fflush(stdout);
    rewind(told);
    fflush(told);
}

/* Carries out the whole lines of what was read; false at the end of the input. */
static bool take_lines(void) {
    static char *line;
    static size_t size, room;
    if (room - size < 65536) line = realloc(line, room += 1 << 20);
    ssize_t got = read(input, line + size, room - size - 1);
    if (got <= 0) return false;
    size += got;
    line[size] = 0;
    for (char *end; (end = memchr(line, '\n', size)); ) {
        *end = 0;
        json *request = parse(line);
        bool quits = !strcmp(get(request, "do")->text, "quit");
        if (!quits) {
            const char *said = answer(request);
            printf("{\"id\":%d,%s}\n", integer(request, "id", 0), said);
        }
        forget(request);
        if (quits) return false;
        flush_told();
        size -= end + 1 - line;
        memmove(line, end + 1, size + 1);
    }
    return true;
}

int main(void) {
    int major, minor, revision;
    input = dup(0);
    mosquitto_lib_init();
    mosquitto_lib_version(&major, &minor, &revision);
    told = open_memstream(&told_text, &told_size);
    printf("{\"hello\":\"libmosquitto\",\"adapter\":1,\"version\":\"%d.%d.%d\",\"protocols\":[\"3.1\",\"3.1.1\",\"5.0\"],"
           "\"transports\":[\"tcp\",\"tls\"],\"supports\":[\"cut\",\"raw-strings\"]}\n", major, minor, revision);
    fflush(stdout);
    for (;;) {
        struct pollfd fds[64] = { { .fd = input, .events = POLLIN } };
        one *whose[64];
        int count = 1;
        for (one *who = clients; who && count < 64; who = who->next) {
            int fd = who->library ? mosquitto_socket(who->library) : -1;
            if (fd < 0) continue;
            whose[count] = who;
            fds[count++] = (struct pollfd){ .fd = fd, .events = POLLIN | (mosquitto_want_write(who->library) ? POLLOUT : 0) };
        }
        poll(fds, count, 100);
        for (int n = 1; n < count; n++) {
            struct mosquitto *library = whose[n]->library;
            if (fds[n].revents & (POLLIN | POLLHUP | POLLERR)) mosquitto_loop_read(library, 1);
            if (mosquitto_socket(library) >= 0 && mosquitto_want_write(library)) mosquitto_loop_write(library, 1);
            if (mosquitto_socket(library) >= 0) mosquitto_loop_misc(library);
        }
        flush_told();
        if (fds[0].revents && !take_lines()) return 0;
    }
}
