#!/bin/sh
# A session without a key: its apiKey alone opens it, so keep that as you keep a password. With a key, see examples/node/client.mjs.
#
#   RELAY_URL=http://127.0.0.1:8787 examples/curl/session.sh
set -eu

RELAY_URL=${RELAY_URL:-http://127.0.0.1:8787}
call() { curl --silent --show-error --fail-with-body --header 'Content-Type: application/json' "$@"; }
# The last string of that name. Where jq is installed, use jq.
field() { sed -E 's/.*"'"$1"'":"([^"]*)".*/\1/'; }

api_key=$(call --request POST "$RELAY_URL/auth/register" | field apiKey)
authorization="Authorization: Bearer $api_key"

webhook_url=$(call --header "$authorization" --data '{"name":"From curl"}' "$RELAY_URL/channels" | field webhookUrl)
echo "webhook: $webhook_url"

message_id=$(call --data '{"from":"session.sh","content":"Is anybody there?"}' "$webhook_url" | field messageId)
echo "posted: $message_id"

page=$(call --header "$authorization" "$RELAY_URL/messages?after=0")
echo "read: $(printf %s "$page" | field content)"

channel_id=$(printf %s "$page" | field channelId)
call --header "$authorization" --header "Idempotency-Key: answer-to-$message_id" \
  --data "{\"channelId\":\"$channel_id\",\"content\":\"Yes.\",\"replyTo\":\"$message_id\"}" "$RELAY_URL/reply"
echo

call "$RELAY_URL/responses/$channel_id"
echo
