/**
 * The model that predicts what happens to an interrupt: the gates on its path, and what each does in a given state.
 *
 * <p>It reads a {@code GuestState} and changes nothing. It must not depend on threads, injectors or ioctls.
 */
package dev.interject.interrupt.gate;
