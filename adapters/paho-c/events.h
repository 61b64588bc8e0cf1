/* What the library calls back, as events of the adapter protocol. */
#include "properties.h"

/* A client that attest has named. A callback may still be under way when it is gone, so it is never freed. */
typedef struct one {
    char *name, *key;
    bool gone, five;
    bool told; /* that the broker ended the connection by DISCONNECT */
    MQTTAsync library;
    struct one *next;
} one;

/* A request that the library carries out. It calls back once for each. */
typedef struct asked {
    one *who;
    const char *done;
    int count;
} asked;

/* Begins an event, which holds the lock of the output up to `end`; false for a client that attest no longer knows. */
static bool begin(one *who, const char *on) {
    flockfile(stdout);
    if (who->gone) { funlockfile(stdout); return false; }
    printf("{\"on\":\"%s\",\"client\":", on);
    write_octets(stdout, who->name, strlen(who->name));
    return true;
}

static void end(const MQTTProperties *made) {
    tell_properties(stdout, made);
    fputs("}\n", stdout);
    fflush(stdout);
    funlockfile(stdout);
}

static void connected(one *who, int present, const MQTTProperties *made) {
    if (!begin(who, "connected")) return;
    printf(",\"sessionPresent\":%s", present ? "true" : "false");
    end(made);
}

static void on_connected(void *data, MQTTAsync_successData *got) { connected(data, got->alt.connect.sessionPresent, NULL); }
static void on_connected5(void *data, MQTTAsync_successData5 *got) { connected(data, got->alt.connect.sessionPresent, &got->properties); }

static void not_connected(one *who, int reason, const char *text, const MQTTProperties *made) {
    if (!begin(who, "notConnected")) return;
    if (reason > 0) printf(",\"reason\":%d", reason);
    if (text) { fputs(",\"text\":", stdout); write_octets(stdout, text, strlen(text)); }
    end(made);
}

static void on_not_connected(void *data, MQTTAsync_failureData *got) {
    not_connected(data, got ? got->code : 0, got ? got->message : NULL, NULL);
}

static void on_not_connected5(void *data, MQTTAsync_failureData5 *got) {
    /* The reason of a CONNACK is not where that of other packets is. */
    not_connected(data, got->reasonCode ? (int)got->reasonCode : got->code, got->message, &got->properties);
}

static void on_lost(void *data, char *cause) {
    one *who = data;
    if (who->told || !begin(who, "lost")) return;
    if (cause) { fputs(",\"text\":", stdout); write_octets(stdout, cause, strlen(cause)); }
    end(NULL);
}

/* The library calls this for a DISCONNECT of the broker, and not always `on_lost` after it. */
static void on_broker_disconnect(void *data, MQTTProperties *made, enum MQTTReasonCodes reason) {
    one *who = data;
    if (!begin(who, "lost")) return;
    who->told = true;
    printf(",\"reason\":%d", reason);
    end(made);
}

static void on_disconnected(void *data, MQTTAsync_successData *got) { (void)got; if (begin(data, "disconnected")) end(NULL); }
static void on_disconnected5(void *data, MQTTAsync_successData5 *got) { (void)got; if (begin(data, "disconnected")) end(NULL); }

static int on_message(void *data, char *topic, int length, MQTTAsync_message *got) {
    if (begin(data, "message")) {
        fputs(",\"topic\":", stdout);
        /* The length is 0 for a topic without U+0000. */
        write_octets(stdout, topic, length > 0 ? (size_t)length : strlen(topic));
        fputs(",\"payload\":", stdout);
        write_octets(stdout, got->payload, got->payloadlen);
        printf(",\"qos\":%d,\"retain\":%s", got->qos, got->retained ? "true" : "false");
        end(&got->properties);
    }
    MQTTAsync_freeMessage(&got);
    MQTTAsync_free(topic);
    return 1;
}

static void write_reasons(int count, const int *codes) {
    fputs(",\"reasons\":[", stdout);
    for (int n = 0; n < count; n++) printf("%s%d", n ? "," : "", codes[n]);
    fputs("]", stdout);
}

static void on_success(void *data, MQTTAsync_successData *got) {
    asked *what = data;
    if (begin(what->who, what->done)) {
        printf(",\"token\":%d", got->token);
        if (!strcmp(what->done, "subscribed")) write_reasons(what->count, what->count == 1 ? &got->alt.qos : got->alt.qosList);
        end(NULL);
    }
    free(what);
}

static void on_success5(void *data, MQTTAsync_successData5 *got) {
    asked *what = data;
    if (begin(what->who, what->done)) {
        bool many = what->count > 1;
        printf(",\"token\":%d", got->token);
        if (!strcmp(what->done, "published")) printf(",\"reason\":%d", got->reasonCode);
        else write_reasons(what->count, many ? (int *)got->alt.sub.reasonCodes : (int *)&got->reasonCode);
        end(&got->properties);
    }
    free(what);
}

/* What a broker refuses is done with a reason; what fails without its answer is failed. */
static void failed(asked *what, int token, int reason, const char *text, const MQTTProperties *made) {
    bool answered = reason >= 0x80;
    if (begin(what->who, answered ? what->done : "failed")) {
        printf(",\"token\":%d", token);
        if (answered && !strcmp(what->done, "published")) printf(",\"reason\":%d", reason);
        else if (answered) write_reasons(1, &reason);
        else if (text) { fputs(",\"text\":", stdout); write_octets(stdout, text, strlen(text)); }
        end(made);
    }
    free(what);
}

static void on_failure(void *data, MQTTAsync_failureData *got) { failed(data, got->token, got->code, got->message, NULL); }
static void on_failure5(void *data, MQTTAsync_failureData5 *got) { failed(data, got->token, got->reasonCode, got->message, &got->properties); }
