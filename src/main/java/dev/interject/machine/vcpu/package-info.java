/**
 * One vCPU on a thread of its own, as an actor: its states, its inbox, its kicks and its stepping.
 *
 * <p>It must not depend on the machine that it belongs to.
 */
package dev.interject.machine.vcpu;
