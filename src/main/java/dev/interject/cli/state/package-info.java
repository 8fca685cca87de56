/**
 * The state of a machine as JSON, for every command whose report has one.
 *
 * <p>It depends on {@code cli.output} and on the state alone. It must not depend on any command or experiment.
 */
package dev.interject.cli.state;
