"""EventBridge, SNS, SQS and asynchronous invocation."""
