/* Drives Eclipse Paho's C library by attest's adapter protocol: a line of JSON each way. */
#include <unistd.h>

#include "events.h"

/* Most filters of one request. */
#define MOST 100

static one *clients;
static char reply[512];

static const char *refuse(int rc) { snprintf(reply, sizeof reply, "\"refused\":\"%s (%d)\"", MQTTAsync_strerror(rc), rc); return reply; }
static const char *taken(int rc) { return rc == MQTTASYNC_SUCCESS ? "\"ok\":true" : refuse(rc); }

static const char *with_token(int rc, MQTTAsync_responseOptions *asked) {
    if (rc != MQTTASYNC_SUCCESS) { free(asked->context); return refuse(rc); }
    snprintf(reply, sizeof reply, "\"ok\":true,\"token\":%d", asked->token);
    return reply;
}

static one *found(json *name) {
    for (one *who = clients; who; who = who->next) if (!who->gone && !strcmp(who->name, name->text)) return who;
    return NULL;
}

static void lose(one *who) {
    flockfile(stdout);
    who->gone = true;
    funlockfile(stdout);
    MQTTAsync_destroy(&who->library);
}

/* The client with this name. It gets another handle if the version, the client id or the address is another one. */
static one *client(json *request, const char *address, int version, int *rc) {
    json *id = get(request, "clientId"), *name = get(request, "client");
    char key[600];
    one *who = found(name);
    snprintf(key, sizeof key, "%d %s %s", version, address, id->text);
    if (who && !strcmp(who->key, key)) return who;
    if (who) lose(who);
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer;
    options.MQTTVersion = version;
    who = calloc(1, sizeof *who);
    *who = (one){ .name = strdup(name->text), .key = strdup(key), .five = version == MQTTVERSION_5, .next = clients };
    *rc = MQTTAsync_createWithOptions(&who->library, address, id->text, MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
    if (*rc) { free(who); return NULL; }
    MQTTAsync_setCallbacks(who->library, who, on_lost, on_message, NULL);
    MQTTAsync_setDisconnected(who->library, who, on_broker_disconnect);
    return clients = who;
}

static const char *do_connect(json *request) {
    json *id = octets(get(request, "clientId")), *user = octets(get(request, "userName")), *password = octets(get(request, "password"));
    json *will = get(request, "will"), *transport = get(request, "transport"), *authority = get(request, "ca");
    json *topic = octets(get(will, "topic")), *payload = octets(get(will, "payload"));
    const char *spoken = get(request, "protocol")->text, *scheme = transport ? transport->text : "tcp";
    int version = !strcmp(spoken, "5.0") ? MQTTVERSION_5 : !strcmp(spoken, "3.1") ? MQTTVERSION_3_1 : MQTTVERSION_3_1_1, rc = 0;
    bool clean = is_true(request, "cleanStart"), wrong = false;
    char address[300];
    if (has_nul(id) || has_nul(user) || has_nul(topic)) return NUL;
    snprintf(address, sizeof address, "%s://%s:%d", !strcmp(scheme, "tls") ? "ssl" : scheme, get(request, "server")->text, integer(request, "port", 0));
    one *who = client(request, address, version, &rc);
    if (!who) return refuse(rc);
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
    MQTTAsync_willOptions will_options = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    MQTTProperties made = properties(request, &wrong), will_made = properties(will, &wrong);
    if (wrong) return refuse(MQTTASYNC_BAD_MQTT_OPTION);
    options.MQTTVersion = version;
    options.keepAliveInterval = integer(request, "keepAlive", 0);
    options.cleansession = !who->five && clean;
    options.cleanstart = who->five && clean;
    options.username = user ? user->text : NULL;
    if (password) { options.binarypwd.len = password->length; options.binarypwd.data = password->text; }
    if (will) {
        will_options.topicName = topic->text;
        will_options.payload.len = payload->length;
        will_options.payload.data = payload->text;
        will_options.qos = integer(will, "qos", 0);
        will_options.retained = is_true(will, "retain");
        options.will = &will_options;
    }
    if (authority) { tls.trustStore = authority->text; tls.verify = 1; options.ssl = &tls; }
    if (who->five) { options.connectProperties = &made; options.willProperties = will ? &will_made : NULL; }
    if (who->five) { options.onSuccess5 = on_connected5; options.onFailure5 = on_not_connected5; }
    else { options.onSuccess = on_connected; options.onFailure = on_not_connected; }
    options.context = who;
    who->told = false;
    rc = MQTTAsync_connect(who->library, &options);
    MQTTProperties_free(&made);
    MQTTProperties_free(&will_made);
    return taken(rc);
}

static MQTTAsync_responseOptions options_of(one *who, const char *done, int count, MQTTProperties made) {
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    asked *what = options.context = malloc(sizeof *what);
    *what = (asked){ who, done, count };
    if (who->five) { options.onSuccess5 = on_success5; options.onFailure5 = on_failure5; options.properties = made; }
    else { options.onSuccess = on_success; options.onFailure = on_failure; }
    return options;
}

static const char *do_publish(one *who, json *request, MQTTProperties made) {
    json *topic = octets(get(request, "topic")), *payload = octets(get(request, "payload"));
    if (has_nul(topic)) return NUL;
    MQTTAsync_message message = MQTTAsync_message_initializer;
    message.payload = payload->text;
    message.payloadlen = payload->length;
    message.qos = integer(request, "qos", 0);
    message.retained = is_true(request, "retain");
    message.properties = made;
    MQTTAsync_responseOptions options = options_of(who, "published", 1, made);
    return with_token(MQTTAsync_sendMessage(who->library, topic->text, &message, &options), &options);
}

static const char *do_filters(one *who, json *request, bool wanted, MQTTProperties made) {
    char *filters[MOST];
    int qos[MOST], count = 0;
    MQTTSubscribe_options each_options[MOST];
    for (json *each = get(request, "filters")->first; each && count < MOST; each = each->next, count++) {
        json *filter = octets(wanted ? get(each, "filter") : each);
        if (has_nul(filter)) return NUL;
        filters[count] = filter->text;
        if (!wanted) continue;
        qos[count] = integer(each, "qos", 0);
        each_options[count] = (MQTTSubscribe_options)MQTTSubscribe_options_initializer;
        each_options[count].noLocal = is_true(each, "noLocal");
        each_options[count].retainAsPublished = is_true(each, "retainAsPublished");
        each_options[count].retainHandling = integer(each, "retainHandling", 0);
    }
    MQTTAsync_responseOptions options = options_of(who, wanted ? "subscribed" : "unsubscribed", count, made);
    if (!wanted) return with_token(MQTTAsync_unsubscribeMany(who->library, count, filters, &options), &options);
    if (who->five && count == 1) options.subscribeOptions = each_options[0];
    if (who->five && count > 1) { options.subscribeOptionsList = each_options; options.subscribeOptionsCount = count; }
    return with_token(MQTTAsync_subscribeMany(who->library, count, filters, qos, &options), &options);
}

static const char *do_disconnect(one *who, json *request, MQTTProperties made) {
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    options.context = who;
    if (who->five) {
        options = (MQTTAsync_disconnectOptions)MQTTAsync_disconnectOptions_initializer5;
        options.context = who;
        options.onSuccess5 = on_disconnected5;
        options.properties = made;
        options.reasonCode = integer(request, "reason", 0);
    } else options.onSuccess = on_disconnected;
    return taken(MQTTAsync_disconnect(who->library, &options));
}

static const char *answer(json *request) {
    const char *what = get(request, "do")->text;
    bool wrong = false;
    if (!strcmp(what, "connect")) return do_connect(request);
    if (!strcmp(what, "reset")) {
        for (; clients; clients = clients->next) if (!clients->gone) lose(clients);
        return "\"ok\":true";
    }
    one *who = get(request, "client") ? found(get(request, "client")) : NULL;
    if (!who) return "\"refused\":\"this client has never connected\"";
    MQTTProperties made = properties(request, &wrong);
    const char *said = wrong ? refuse(MQTTASYNC_BAD_MQTT_OPTION)
        : !strcmp(what, "publish") ? do_publish(who, request, made)
        : !strcmp(what, "subscribe") ? do_filters(who, request, true, made)
        : !strcmp(what, "unsubscribe") ? do_filters(who, request, false, made)
        : !strcmp(what, "disconnect") ? do_disconnect(who, request, made)
        : "\"unsupported\":\"there is no such call\"";
    MQTTProperties_free(&made);
    return said;
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    const char *version = "0";
    MQTTAsync_init_options init = MQTTAsync_init_options_initializer;
    init.do_openssl_init = 1;
    MQTTAsync_global_init(&init);
    for (MQTTAsync_nameValue *info = MQTTAsync_getVersionInfo(); info->name; info++) if (!strcmp(info->name, "Version")) version = info->value;
    printf("{\"hello\":\"paho-c\",\"adapter\":1,\"version\":\"%s\",\"protocols\":[\"3.1\",\"3.1.1\",\"5.0\"],"
           "\"transports\":[\"tcp\",\"tls\",\"ws\",\"wss\"],\"supports\":[\"raw-strings\"]}\n", version);
    fflush(stdout);
    while (getline(&line, &room, stdin) > 0) {
        json *request = parse(line);
        if (!strcmp(get(request, "do")->text, "quit")) break;
        const char *said = answer(request);
        flockfile(stdout);
        printf("{\"id\":%d,%s}\n", integer(request, "id", 0), said);
        fflush(stdout);
        funlockfile(stdout);
        forget(request);
    }
    _exit(0);
}
