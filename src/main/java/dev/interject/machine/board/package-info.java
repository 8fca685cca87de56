/**
 * What the vCPUs of one machine share: its interrupt controllers, its GSI routes and its devices.
 *
 * <p>It must not depend on a machine's vCPUs.
 */
package dev.interject.machine.board;
