/* The properties of MQTT 5.0 between JSON and Paho C. */
#include <MQTTAsync.h>

#include "../c/lines.h"

#define LAST_PROPERTY MQTTPROPERTY_CODE_SHARED_SUBSCRIPTION_AVAILABLE

/* Makes "maximumQoS" of MAXIMUM_QOS, and "userProperty" of USER_PROPERTY; false if there is no such property. */
static bool name_of(int id, char name[100]) {
    int type = MQTTProperty_getType(id);
    size_t n = 0;
    bool first = false;
    if (type < 0) return false;
    if (id == MQTTPROPERTY_CODE_MAXIMUM_QOS) { strcpy(name, "maximumQoS"); return true; }
    if (id == MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIERS_AVAILABLE) { strcpy(name, "subscriptionIdentifierAvailable"); return true; }
    if (id == MQTTPROPERTY_CODE_ASSIGNED_CLIENT_IDENTIFER) { strcpy(name, "assignedClientIdentifier"); return true; }
    for (const char *c = MQTTPropertyName(id); *c && n < 99; c++) {
        if (*c == '_') { first = true; continue; }
        name[n++] = first ? *c : tolower((unsigned char)*c);
        first = false;
    }
    name[n] = 0;
    return true;
}

static void tell_value(FILE *to, const MQTTProperty *one) {
    switch (MQTTProperty_getType(one->identifier)) {
    case MQTTPROPERTY_TYPE_BYTE: fprintf(to, "%u", one->value.byte); break;
    case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER: fprintf(to, "%u", one->value.integer2); break;
    case MQTTPROPERTY_TYPE_FOUR_BYTE_INTEGER:
    case MQTTPROPERTY_TYPE_VARIABLE_BYTE_INTEGER: fprintf(to, "%u", one->value.integer4); break;
    case MQTTPROPERTY_TYPE_UTF_8_STRING_PAIR:
        putc('[', to);
        write_octets(to, one->value.data.data, one->value.data.len);
        putc(',', to);
        write_octets(to, one->value.value.data, one->value.value.len);
        putc(']', to);
        break;
    default: write_octets(to, one->value.data.data, one->value.data.len);
    }
}

/* Writes the properties of a packet that came. Those that may stand several times are lists. */
static void tell_properties(FILE *to, const MQTTProperties *made) {
    const char *before = ",\"properties\":{";
    for (int id = 1; made && id <= LAST_PROPERTY; id++) {
        bool list = id == MQTTPROPERTY_CODE_USER_PROPERTY || id == MQTTPROPERTY_CODE_SUBSCRIPTION_IDENTIFIER;
        bool begun = false;
        char name[100];
        for (int n = 0; n < made->count; n++) {
            if ((int)made->array[n].identifier != id || !name_of(id, name) || (begun && !list)) continue;
            if (begun) putc(',', to);
            else fprintf(to, "%s\"%s\":%s", before, name, list ? "[" : "");
            begun = true;
            before = ",";
            tell_value(to, &made->array[n]);
        }
        if (begun && list) putc(']', to);
    }
    if (*before && before[1] == 0) putc('}', to);
}

static bool add(MQTTProperties *made, int id, json *value) {
    MQTTProperty one = { .identifier = id };
    json *given = octets(value->kind == '[' ? value->first : value);
    switch (MQTTProperty_getType(id)) {
    case MQTTPROPERTY_TYPE_BYTE: one.value.byte = value->number; break;
    case MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER: one.value.integer2 = value->number; break;
    case MQTTPROPERTY_TYPE_FOUR_BYTE_INTEGER:
    case MQTTPROPERTY_TYPE_VARIABLE_BYTE_INTEGER: one.value.integer4 = value->number; break;
    case MQTTPROPERTY_TYPE_UTF_8_STRING_PAIR:
        one.value.value = (MQTTLenString){ octets(given->next)->length, given->next->text };
        /* fall through */
    default: one.value.data = (MQTTLenString){ given->length, given->text };
    }
    return MQTTProperties_add(made, &one) == 0;
}

/* The properties of a request, which the caller frees; `*wrong` is set for one that the library does not take. */
static MQTTProperties properties(json *request, bool *wrong) {
    MQTTProperties made = MQTTProperties_initializer;
    json *given = get(request, "properties");
    for (json *each = given ? given->first : NULL; each; each = each->next) {
        int id = 1;
        char name[100];
        while (id <= LAST_PROPERTY && !(name_of(id, name) && !strcmp(name, each->key))) id++;
        if (id > LAST_PROPERTY) { *wrong = true; continue; }
        if (each->kind != '[') { if (!add(&made, id, each)) *wrong = true; continue; }
        for (json *item = each->first; item; item = item->next) if (!add(&made, id, item)) *wrong = true;
    }
    return made;
}
