//! Refusals that servers are known to send, and errors that only look like one.
//!
//! Source: docs/wire.md §1.1, §3.3; recordings; issue threads.

use std::time::SystemTime;

use super::*;
use crate::response::Headers;
use crate::wire::refusal::refusal;

fn refused(status: u16, body: &str) -> Failure {
    refusal("p", status, &Headers::default(), body.as_bytes(), SystemTime::UNIX_EPOCH)
}

/// The results of three recognisers for a body.
fn judged(status: u16, body: &str) -> (Option<&'static str>, bool, bool) {
    let failure = refused(status, body);
    (unsupported_field(&failure), refuses_format(&failure), unknown_model(&failure))
}

#[test]
fn parts_a_server_does_not_take_are_recognised() {
    let words = [
        (400, "unsupported content[].type"),
        (500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"),
        (400, "Invalid content type. image_url is only supported by certain models."),
        (400, "At most 0 image(s) may be provided in one prompt."),
        (400, "m is not a multimodal model"),
        (422, "Failed to deserialize the JSON body: messages[0]: unknown variant `image_url`, expected `text`"),
        (400, "'messages.0.content' : value must be a string"),
    ];
    let body = |words: &str| serde_json::json!({"error": {"message": words}}).to_string();
    for (status, words) in words {
        assert!(refuses_part(&refused(status, &body(words))), "{words}");
    }
    for (status, words) in [
        (400, "Unsupported parameter: 'seed'"),
        (400, "the image is larger than 20 MB"),
        (429, "image input is not supported"),
    ] {
        assert!(!refuses_part(&refused(status, &body(words))), "{words}");
    }
}

#[test]
fn fields_a_server_does_not_take_are_recognised() {
    let rows = [
        (
            400,
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}"#,
            "max_tokens",
        ),
        (
            400,
            r#"{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","code":"invalid_request_body"}}"#,
            "max_tokens",
        ),
        (
            400,
            r#"{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens","type":"invalid_request_error","param":null,"code":null}}"#,
            "max_completion_tokens",
        ),
        (
            422,
            r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted","input":100}]},"type":"invalid_request_error","param":null,"code":null}"#,
            "max_completion_tokens",
        ),
        (
            400,
            r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"max_completion_tokens\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#,
            "max_completion_tokens",
        ),
        (
            400,
            r#"{"error":{"message":"litellm.UnsupportedParamsError: x does not support parameters: ['max_completion_tokens'], for model=m","type":"None","param":"None","code":"400"}}"#,
            "max_completion_tokens",
        ),
        (400, r#"{"detail":"Unsupported parameter: max_output_tokens"}"#, "max_output_tokens"),
        (
            422,
            r#"{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options","include_usage"],"msg":"Extra inputs are not permitted","input":true}]}}"#,
            "stream_options",
        ),
        (
            400,
            r#"{"error":{"message":"Unknown parameter: 'stream_options'.","type":"invalid_request_error","param":"stream_options","code":"unknown_parameter"}}"#,
            "stream_options",
        ),
        (
            400,
            r#"{"detail":"Extra parameters ['stream_options'] are not allowed when extra-parameters is not set"}"#,
            "stream_options",
        ),
        (400, r#"{"message":"extraneous key [include_usage] is not permitted"}"#, "stream_options"),
    ];
    for (status, body, field) in rows {
        assert_eq!(judged(status, body), (Some(field), false, false), "{body}");
    }
}

#[test]
fn forms_of_answer_a_server_does_not_take_are_recognised() {
    let rows = [
        (
            400,
            r#"{"error":{"message":"This response_format type is unavailable now","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#,
        ),
        (400, r#"{"error":"'response_format.type' must be 'json_schema' or 'text'"}"#),
        (
            400,
            r#"{"error":{"code":400,"message":"response_format type must be one of \"text\" or \"json_object\", but got: json_schema","type":"invalid_request_error"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.","type":"invalid_request_error","param":"response_format","code":null}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"This model does not support response format `json_schema`. See supported models in the docs","type":"invalid_request_error"}}"#,
        ),
        (
            422,
            r#"{"detail":[{"type":"literal_error","loc":["body","response_format","type"],"msg":"Input should be 'text' or 'json_object'","input":"json_schema"}]}"#,
        ),
        (
            422,
            r#"{"object":"error","message":{"detail":[{"loc":["body","response_format","json_schema"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"6 validation errors:\n  {'type': 'literal_error', 'loc': 'body.response_format.type', 'msg': \"Input should be 'text', 'json_object' or 'json_schema'\", 'input': 'yaml'}","type":"Bad Request","param":"body.response_format.type","code":400}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"{\"error\":{\"message\":\"Invalid input\",\"type\":\"invalid_request_error\",\"param\":\"response_format\",\"code\":\"invalid_request_error\"}}","type":"invalid_request_error"}}"#,
        ),
        (400, r#"{"error":{"message":"json_schema is not supported","code":400}}"#),
        (400, r#"{"error":{"message":"Unsupported parameter: 'text.format'","param":"text.format"}}"#),
        (400, r#"{"error":{"message":"Structured outputs are not available for this model"}}"#),
    ];
    for (status, body) in rows {
        assert_eq!(judged(status, body), (None, true, false), "{body}");
    }
}

#[test]
fn models_a_server_does_not_know_are_recognised() {
    let rows = [
        (
            404,
            r#"{"error":{"message":"The model `x` does not exist or you do not have access to it.","type":"invalid_request_error","param":null,"code":"model_not_found"}}"#,
        ),
        (
            404,
            r#"{"error":{"message":"The model `no-such-model` does not exist. Valid aliases: smollm2.","type":"NotFoundError","param":"model","code":404}}"#,
        ),
        (
            404,
            r#"{"error":{"message":"model \"x\" not found, try pulling it first","type":"api_error","param":null,"code":null}}"#,
        ),
        (400, r#"{"error":{"message":"x is not a valid model ID","code":400}}"#),
        (
            400,
            r#"{"error":{"message":"Model Not Exist","type":"invalid_request_error","param":null,"code":"invalid_request_error"}}"#,
        ),
        (400, r#"{"object":"error","message":"Invalid model: x","type":"invalid_model","param":null,"code":"1500"}"#),
        (404, r#"{"type":"error","error":{"type":"not_found_error","message":"model: x"}}"#),
        (
            404,
            r#"[{"error":{"code":404,"message":"models/x is not found for API version v1main, or is not supported for generateContent.","status":"NOT_FOUND"}}]"#,
        ),
        (
            404,
            r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models for your key.","type":"None","param":"None","code":"400"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Invalid model 'x'. Permitted models can be found in the documentation","type":"invalid_model","code":400}}"#,
        ),
        (400, r#"{"detail":"The 'x' model is not supported when using Codex with a ChatGPT account."}"#),
    ];
    for (status, body) in rows {
        assert!(judged(status, body).2, "{body}");
    }
}

#[test]
fn other_refusals_are_left_alone() {
    let rows = [
        (
            400,
            r#"{"error":{"message":"max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)","type":"BadRequestError","param":"max_tokens","code":400}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"max_tokens is too large: 99999. This model supports at most 4096 completion tokens","param":"max_tokens","code":"invalid_value"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Field 'max_tokens': Value must be between -1 <= value <= 2147483647, but got -5"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.","code":"invalid_parameter_combination"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model.","param":"temperature","code":"unsupported_value"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Invalid schema for response_format 'x': In context=(), 'minLength' is not permitted.","param":"response_format","code":null}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"When response_format type is 'json_schema', the 'json_schema' field must be provided. (parameter=response_format)","param":"response_format","code":400}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"Grammar error: Invalid type: no-such-type","type":"BadRequestError","param":null,"code":400}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.","param":"messages"}}"#,
        ),
        (400, r#"{"error":"'response_format.json_schema.schema' must be an object"}"#),
        (
            400,
            r#"{"error":{"message":"The 'stream_options' parameter is only allowed when 'stream' is enabled.","param":"stream_options"}}"#,
        ),
        (
            400,
            r#"{"error":{"message":"smollm2 is not a multimodal model","type":"BadRequestError","param":null,"code":400}}"#,
        ),
        (404, r#"{"error":{"message":"File Not Found","type":"not_found_error","code":404}}"#),
        (404, r#"{"detail":"Not Found"}"#),
        (500, r#"{"error":{"message":"Unsupported parameter: 'max_tokens'"}}"#),
        (401, r#"{"error":"Unauthorized"}"#),
    ];
    for (status, body) in rows {
        assert_eq!(judged(status, body), (None, false, false), "{body}");
    }
}
