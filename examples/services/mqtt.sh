#!/usr/bin/env bash
# MQTT over WebSocket: mosquitto behind wsbridge.
#
#   examples/services/mqtt.sh [PORT]      Ctrl-C ends all of it
#
# Try it with any MQTT client for browsers, or in Python:
#   client = paho.mqtt.client.Client(paho.mqtt.client.CallbackAPIVersion.VERSION2, transport="websockets")
#   client.ws_set_options(path="/"); client.connect("127.0.0.1", 8080)
# Needed: mosquitto.
. "$(dirname "$0")/services.sh"

start_mqtt
# Clients of MQTT ask for this subprotocol, and hang up without it (MQTT 5.0 section 6.0).
serve --port "$port" --unix mqtt.sock --subprotocol mqtt
