#!/bin/sh
# Posts a message to a webhook and prints what was answered there.
#
#   WEBHOOK_URL='http://127.0.0.1:8787/webhook/ID?token=SECRET' examples/curl/webhook.sh 'The backup is done'
set -eu

text=${1:?the message is missing}
: "${WEBHOOK_URL:?the address of the webhook, from the options of the extension}"

# The key makes a repetition harmless: --retry cannot post the message twice.
curl --silent --show-error --fail-with-body --retry 3 \
  --header 'Content-Type: text/plain; charset=utf-8' \
  --header 'X-Webhook-Source: curl' \
  --header "Idempotency-Key: $(date +%s)-$$" \
  --data-binary "$text" "$WEBHOOK_URL"
echo

# Answers have the same address, with "responses" in place of "webhook". Add &since= with the "since" of the answer before.
curl --silent --show-error --fail-with-body "$(printf %s "$WEBHOOK_URL" | sed 's#/webhook/#/responses/#')"
echo
