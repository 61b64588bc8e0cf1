"""The command lines of mosquitto_pub and mosquitto_sub."""
import re

VERSIONS = {"3.1": "mqttv31", "3.1.1": "mqttv311", "5.0": "mqttv5"}
MESSAGE = "message="  # what mosquitto_sub begins each message with


class Unsupported(Exception):
    """What the programs have no way to do."""


def data(octets):
    return octets.encode("utf-8") if isinstance(octets, str) else bytes.fromhex(octets["hex"])


def word(octets):
    """A word of a command line."""
    made = data(octets)
    if b"\0" in made:
        raise Unsupported("a word of a command line ends at a NUL")
    return made


def properties(packet, given):
    """Properties as -D options, which call them by their names in small letters and dashes."""
    words = []
    for name, value in (given or {}).items():
        option = ["-D", packet, "maximum-qos" if name == "maximumQoS" else re.sub("[A-Z]", lambda m: "-" + m[0].lower(), name)]
        for item in value if isinstance(value, list) else [value]:
            pair = item if isinstance(item, list) else [item]
            words += option + [str(each) if isinstance(each, int) else word(each) for each in pair]
    return words


def purpose(request):
    """The program and its options for what `next` says; a publisher of nothing where it says nothing."""
    following = request.get("next", {})
    if "subscribe" in following:
        fields = following["subscribe"]
        topics = [part for each in fields["filters"] for part in ("-t", word(each["filter"]))]
        more = properties("subscribe", fields.get("properties"))
        return ["mosquitto_sub", "-F", MESSAGE + "%q %r %x %t", "-q", str(fields["filters"][0]["qos"]), *topics, *more]
    fields = following.get("publish", {"topic": "nothing", "qos": 0, "retain": False})
    more = [*(["-r"] if fields["retain"] else []), *properties("publish", fields.get("properties"))]
    return ["mosquitto_pub", "-l", "-t", word(fields["topic"]), "-q", str(fields["qos"]), *more]


def options(request, port):
    words = ["-d", "-h", "127.0.0.1", "-p", str(port), "-k", str(request["keepAlive"]), "-V", VERSIONS[request["protocol"]]]
    words += [] if request["clientId"] == "" else ["-i", word(request["clientId"])]
    words += [] if request["cleanStart"] else ["-c"]
    words += ["-u", word(request["userName"])] if "userName" in request else []
    words += ["-P", word(request["password"])] if "password" in request else []
    words += ["--cafile", request["ca"]] if "ca" in request else []
    will = request.get("will")
    if will:
        words += ["--will-topic", word(will["topic"]), "--will-qos", str(will["qos"])]
        words += ["--will-payload", word(will["payload"])] if will["payload"] else []
        words += ["--will-retain"] if will["retain"] else []
        words += properties("will", will.get("properties"))
    made = dict(request.get("properties", {}))
    # With -c the programs set it themselves.
    words += ["-x", str(made.pop("sessionExpiryInterval"))] if "sessionExpiryInterval" in made else []
    return words + properties("connect", made)
