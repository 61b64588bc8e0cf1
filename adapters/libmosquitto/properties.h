/* The properties of MQTT 5.0 between JSON and libmosquitto. */
#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "../c/lines.h"

/* Writes the properties of a packet that came. */
static void tell_properties(FILE *told, const mosquitto_property *property) {
    const char *between = "";
    if (!property) return;
    fputs(",\"properties\":{", told);
    for (; property; property = mosquitto_property_next(property)) {
        uint8_t byte; uint16_t two; uint32_t four; char *text; void *data; uint16_t length;
        int id = mosquitto_property_identifier(property);
        const char *name = mosquitto_property_identifier_to_string(id);
        /* Of properties that may stand several times a JSON object would need lists. */
        if (!name || id == MQTT_PROP_USER_PROPERTY || id == MQTT_PROP_SUBSCRIPTION_IDENTIFIER) continue;
        fprintf(told, "%s\"", between);
        between = ",";
        for (const char *c = name; *c; c++) {
            if (!strcmp(c, "-qos")) { fputs("QoS", told); break; }
            if (*c == '-') putc(toupper((unsigned char)*++c), told);
            else putc(*c, told);
        }
        fputs("\":", told);
        if (mosquitto_property_read_byte(property, id, &byte, false)) fprintf(told, "%u", byte);
        else if (mosquitto_property_read_int16(property, id, &two, false)) fprintf(told, "%u", two);
        else if (mosquitto_property_read_int32(property, id, &four, false)) fprintf(told, "%u", four);
        else if (mosquitto_property_read_string(property, id, &text, false)) { write_octets(told, text, strlen(text)); free(text); }
        else if (mosquitto_property_read_binary(property, id, &data, &length, false)) { write_octets(told, data, length); free(data); }
    }
    fputs("}", told);
}

/* The properties of a request; NULL where there are none, and `*wrong` set for one that the library does not take. */
static mosquitto_property *properties(json *request, bool *wrong) {
    mosquitto_property *made = NULL;
    json *given = get(request, "properties");
    for (json *each = given ? given->first : NULL; each; each = each->next) {
        char name[100] = "";
        int id, type, rc = MOSQ_ERR_INVAL;
        size_t n = 0;
        for (const char *c = each->key; *c && n < sizeof name - 2; c++) {
            if (!strcmp(c, "QoS")) { strcpy(name + n, "-qos"); break; }
            if (isupper((unsigned char)*c)) name[n++] = '-';
            name[n++] = tolower((unsigned char)*c);
        }
        if (mosquitto_string_to_property_info(name, &id, &type)) { *wrong = true; continue; }
        if (type == MQTT_PROP_TYPE_STRING_PAIR) {
            rc = MOSQ_ERR_SUCCESS;
            for (json *pair = each->first; pair && !rc; pair = pair->next)
                rc = mosquitto_property_add_string_pair(&made, id, octets(pair->first)->text, octets(pair->first->next)->text);
        } else if (type == MQTT_PROP_TYPE_BYTE) rc = mosquitto_property_add_byte(&made, id, each->number);
        else if (type == MQTT_PROP_TYPE_INT16) rc = mosquitto_property_add_int16(&made, id, each->number);
        else if (type == MQTT_PROP_TYPE_INT32) rc = mosquitto_property_add_int32(&made, id, each->number);
        else if (type == MQTT_PROP_TYPE_VARINT) rc = mosquitto_property_add_varint(&made, id, each->number);
        else if (type == MQTT_PROP_TYPE_STRING) rc = mosquitto_property_add_string(&made, id, octets(each)->text);
        else if (type == MQTT_PROP_TYPE_BINARY) {
            json *data = octets(each);
            rc = mosquitto_property_add_binary(&made, id, data->text, data->length);
        }
        if (rc) *wrong = true;
    }
    return made;
}
